/** What the server's own paths answer. */

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer. */
export const jsonAnswer = (
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Answer => ({ status, type: 'application/json', body: JSON.stringify(value), headers });

/** Done, nothing to say. */
export const noContent: Answer = { status: 204, type: 'text/plain', body: '' };
