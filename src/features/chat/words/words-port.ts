/** What words ask of whoever shows them. */
export interface WordsPort {
  nameOf(pubkey: string): string;
  onperson(pubkey: string): void;
  /** Goes to a line, wherever it is. */
  onjump(id: string): void;
  onnote(text: string, tone?: 'danger'): void;
}
