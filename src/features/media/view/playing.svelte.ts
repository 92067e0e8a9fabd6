/** Something to be seen or heard: by an address that is read while it plays, or by its whole bytes where there is none. */
import type { MediaLoader } from '#client/media/loading/loader.ts';
import type { LoadFailure, MediaSource } from '#client/media/loading/source.ts';
import type { FileStream, FileStreams } from '#client/media/streaming/file-streams.ts';
import { FileLoad } from './file-load.svelte.ts';

interface PlayingPorts {
  readonly loader: Pick<MediaLoader, 'load'>;
  readonly streams: Pick<FileStreams, 'open'>;
}

export class Playing {
  /** Where the player stood when it was cut, in seconds. */
  from = 0;
  /** Its bytes are here, and this browser can make nothing of them. */
  isUnplayable = $state(false);
  readonly #source: MediaSource;
  readonly #streams: PlayingPorts['streams'];
  readonly #whole: FileLoad;
  #stream = $state.raw<FileStream>();
  #isOpening = $state(false);
  #trouble = $state.raw<LoadFailure>();
  /** Of what was read ahead: the player may have enough to go on for a while. */
  #ahead: LoadFailure | undefined;
  #turn = 0;

  constructor(source: MediaSource, { loader, streams }: PlayingPorts) {
    this.#source = source;
    this.#streams = streams;
    this.#whole = new FileLoad((options) => loader.load(source, options));
  }

  /** What a player takes; undefined before `start`, and once it failed. */
  get url(): string | undefined {
    return this.#stream?.url ?? this.#whole.url;
  }
  get isLoading(): boolean {
    return this.#isOpening || this.#whole.isLoading;
  }
  /** 0…1 of a file that is had whole. */
  get progress(): number | undefined {
    return this.#whole.progress;
  }
  get trouble(): LoadFailure | undefined {
    return this.#trouble ?? this.#whole.trouble;
  }

  /** True once there is something to play. */
  async start(): Promise<boolean> {
    if (this.url !== undefined) return true;
    this.isUnplayable = false;
    this.#trouble = undefined;
    this.#ahead = undefined;
    const turn = ++this.#turn;
    this.#isOpening = true;
    const stream = await this.#streams.open(this.#source, {
      use: 'play',
      name: '',
      ontrouble: (trouble) => turn === this.#turn && this.#hear(trouble),
    });
    if (turn !== this.#turn) {
      stream?.close();
      return false;
    }
    this.#isOpening = false;
    this.#stream = stream;
    return stream !== undefined || (await this.#whole.again()) !== undefined;
  }

  /** The player gave up, after so many seconds. */
  fail(at: number): void {
    this.from = at;
    if (this.#ahead) this.#end(this.#ahead);
    else if (!this.trouble) {
      this.#end(undefined);
      this.isUnplayable = true;
    }
  }

  release(): void {
    this.#end(undefined);
    this.#isOpening = false;
  }

  /** What is not what was sent ends at once; a cut network only when nothing is left to play. */
  #hear(trouble: LoadFailure): void {
    if (trouble.code === 'damaged') this.#end(trouble);
    else if (trouble.code === 'missing') this.#askElsewhere();
    else this.#ahead = trouble;
  }

  /** Its sender may keep it on other servers, which are asked for the whole. */
  #askElsewhere(): void {
    this.#end(undefined);
    void this.#whole.again();
  }

  #end(trouble: LoadFailure | undefined): void {
    this.#turn++;
    this.#stream?.close();
    this.#stream = undefined;
    this.#whole.release();
    this.#trouble = trouble;
  }
}
