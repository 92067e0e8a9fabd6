/** The machine's microphone, recorded as Opus where the browser can. */
import type { Microphone, VoicePorts } from './recorder.svelte.ts';

const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

/** True where this browser records at all. */
export const canRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' && typeof navigator.mediaDevices?.getUserMedia === 'function';

const listen = async (): Promise<Microphone> => {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(
    stream,
    mimeType === undefined ? {} : { mimeType, audioBitsPerSecond: 32_000 },
  );
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
  const close = (): void => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  recorder.start(1_000);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    },
    stop: () =>
      new Promise((resolve) => {
        recorder.addEventListener('stop', () => {
          close();
          resolve(new Blob(pieces, { type: recorder.mimeType }));
        });
        if (recorder.state === 'inactive') recorder.dispatchEvent(new Event('stop'));
        else recorder.stop();
      }),
    drop() {
      if (recorder.state !== 'inactive') recorder.stop();
      close();
    },
  };
};

/** The browser's own parts. */
export const machineVoice: VoicePorts = {
  listen,
  now: () => performance.now(),
  every: (ms, measure) => {
    const timer = setInterval(measure, ms);
    return () => clearInterval(timer);
  },
};
