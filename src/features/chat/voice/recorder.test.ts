import { expect, test } from 'vitest';
import { Recorder, VOICE_MAX } from './recorder.svelte.ts';
import type { Microphone, VoiceNote } from './recorder.svelte.ts';

const begin = (listen?: () => Promise<Microphone>) => {
  const clock = { now: 0, measure: undefined as (() => void) | undefined };
  const ended: string[] = [];
  const notes: VoiceNote[] = [];
  const microphone: Microphone = {
    level: () => 0.2,
    stop: () => {
      ended.push('stopped');
      return Promise.resolve(new Blob(['sound'], { type: 'audio/webm;codecs=opus' }));
    },
    drop: () => void ended.push('dropped'),
  };
  const recorder = new Recorder(
    {
      listen: listen ?? (() => Promise.resolve(microphone)),
      now: () => clock.now,
      every: (_ms, measure) => {
        clock.measure = measure;
        return () => (clock.measure = undefined);
      },
    },
    () => 'Voice note',
    (note) => notes.push(note),
  );
  const pass = (ms: number, steps = 1): void => {
    for (let step = 0; step < steps; step++) {
      clock.now += ms / steps;
      clock.measure?.();
    }
  };
  return { recorder, microphone, clock, ended, notes, pass };
};

test('a note is recorded, measured, and handed over in one piece', async () => {
  const { recorder, notes, ended, pass, clock } = begin();
  await recorder.start();
  expect(recorder.state).toBe('recording');
  pass(2_000, 25);
  expect(recorder.elapsed).toBe(2_000);
  expect(recorder.shown).toHaveLength(25);
  await recorder.finish();
  expect(recorder.state).toBe('idle');
  expect(ended).toEqual(['stopped']);
  expect(clock.measure).toBeUndefined();
  expect(notes[0]?.file.name).toBe('Voice note.weba');
  expect(notes[0]?.file.type).toBe('audio/webm');
  expect(notes[0]?.waveform).toEqual(Array.from({ length: 25 }, () => 100));
});

test('what is dropped leaves nothing', async () => {
  const { recorder, notes, ended } = begin();
  await recorder.start();
  recorder.drop();
  expect([ended, notes, recorder.state]).toEqual([['dropped'], [], 'idle']);
  await recorder.finish();
  expect(notes).toEqual([]);
});

test('after ten minutes it ends by itself, and is not lost', async () => {
  const { recorder, notes, pass } = begin();
  await recorder.start();
  pass(VOICE_MAX - 1);
  expect(recorder.state).toBe('recording');
  pass(1);
  await Promise.resolve();
  expect(recorder.state).toBe('idle');
  expect(notes).toHaveLength(1);
});

test.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'missing'],
  ['NotReadableError', 'missing'],
  ['TypeError', 'broken'],
])('%s is said as %s', async (name, trouble) => {
  const fault = Object.assign(new Error('no'), { name });
  const { recorder } = begin(() => Promise.reject(fault));
  await recorder.start();
  expect([recorder.state, recorder.trouble]).toEqual(['idle', trouble]);
});

test('who gives up while being asked hears nothing more of it', async () => {
  let grant = (_microphone: Microphone): void => undefined;
  const parts = begin(() => new Promise((resolve) => (grant = resolve)));
  const asked = parts.recorder.start();
  parts.recorder.drop();
  grant(parts.microphone);
  await asked;
  expect([parts.recorder.state, parts.ended]).toEqual(['idle', ['dropped']]);
});
