/** Which element the full emoji picker is open beside, and what the choice is for. */
export class Picking {
  open = $state.raw<{ readonly anchor: HTMLElement; readonly pick: (emoji: string) => void }>();

  /** Opens it. */
  readonly start = (anchor: HTMLElement, pick: (emoji: string) => void): void => {
    this.open = { anchor, pick };
  };

  /** It was closed. */
  readonly end = (): void => {
    this.open = undefined;
  };
}
