/** Recording a voice note: asks for the microphone, measures while it records, ends by itself after ten minutes. */
import { makeWaveform } from '#protocol/media/waveforms.ts';

/** Milliseconds. */
export const VOICE_MAX = 600_000;
const MEASURE_MS = 80;
/** So many of the last measures are on show while it records. */
const SHOWN = 48;

/** `refused`: the person or the browser said no; `missing`: there is no microphone, or something else has it. */
export type RecorderTrouble = 'refused' | 'missing' | 'broken';

/** The machine's parts. */
export interface VoicePorts {
  /** A microphone that is on; rejects as `getUserMedia` does. */
  listen(): Promise<Microphone>;
  now(): number;
  every(ms: number, measure: () => void): () => void;
}

/** A microphone that is on. */
export interface Microphone {
  /** 0…1. */
  level(): number;
  /** Ends it; what was recorded, in one piece. */
  stop(): Promise<Blob>;
  /** Ends it, and nothing of it stays. */
  drop(): void;
}

export interface VoiceNote {
  readonly file: File;
  /** 0–100. */
  readonly waveform: readonly number[];
}

const troubleOf = (fault: unknown): RecorderTrouble => {
  const name = fault instanceof Error ? fault.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' || name === 'NotReadableError' || name === 'OverconstrainedError'
    ? 'missing'
    : 'broken';
};

const ENDINGS: Readonly<Record<string, string>> = { 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' };

/** One note after the other; `onnote` is handed each that was not dropped. */
export class Recorder {
  state = $state<'idle' | 'asking' | 'recording'>('idle');
  /** Milliseconds since it began. */
  elapsed = $state(0);
  /** The last measures, 0–100. */
  shown = $state.raw<readonly number[]>([]);
  trouble = $state<RecorderTrouble>();
  readonly #ports: VoicePorts;
  readonly #name: () => string;
  readonly #onnote: (note: VoiceNote) => void;
  #levels: number[] = [];
  #microphone: Microphone | undefined;
  #began = 0;
  #turn = 0;
  #end = (): void => undefined;

  /** `name`: what a note is called, without an ending. */
  constructor(ports: VoicePorts, name: () => string, onnote: (note: VoiceNote) => void) {
    this.#ports = ports;
    this.#name = name;
    this.#onnote = onnote;
  }

  async start(): Promise<void> {
    if (this.state !== 'idle') return;
    this.trouble = undefined;
    this.state = 'asking';
    const turn = ++this.#turn;
    try {
      const microphone = await this.#ports.listen();
      if (turn !== this.#turn) return microphone.drop();
      this.#begin(microphone);
    } catch (fault) {
      if (turn !== this.#turn) return;
      this.trouble = troubleOf(fault);
      this.state = 'idle';
    }
  }

  /** Ends it and hands the note over. */
  async finish(): Promise<void> {
    const microphone = this.#leave();
    if (!microphone) return;
    const levels = this.#levels;
    try {
      const sound = await microphone.stop();
      const type = sound.type.split(';')[0] ?? '';
      const file = new File([sound], `${this.#name()}.${ENDINGS[type] ?? 'weba'}`, { type });
      if (sound.size > 0) this.#onnote({ file, waveform: makeWaveform(levels) });
    } catch {
      this.trouble = 'broken';
    }
  }

  /** Ends it, and nothing of it stays. */
  drop(): void {
    this.#leave()?.drop();
  }

  #begin(microphone: Microphone): void {
    this.#microphone = microphone;
    this.#levels = [];
    this.#began = this.#ports.now();
    this.elapsed = 0;
    this.shown = [];
    this.state = 'recording';
    this.#end = this.#ports.every(MEASURE_MS, () => this.#measure());
  }

  #measure(): void {
    if (!this.#microphone) return;
    const level = this.#microphone.level();
    this.#levels.push(level);
    this.shown = [...this.shown, Math.min(100, Math.round(level * 300))].slice(-SHOWN);
    this.elapsed = this.#ports.now() - this.#began;
    if (this.elapsed >= VOICE_MAX) void this.finish();
  }

  #leave(): Microphone | undefined {
    const microphone = this.#microphone;
    this.#turn++;
    this.#end();
    this.#microphone = undefined;
    this.state = 'idle';
    return microphone;
  }
}
