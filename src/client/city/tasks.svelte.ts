/** Long work (mining now; uploads and imports later) in one list that the tray shows. */

export interface Task {
  readonly id: number;
  readonly title: string;
  detail: string;
  readonly cancel: () => void;
}

/** The list behind the tray. */
export class Tasks {
  items = $state<Task[]>([]);
  #next = 1;

  /** Adds a piece of work; the handle updates its detail line and ends it. */
  start(title: string, cancel: () => void): { update(detail: string): void; end(): void } {
    const id = this.#next++;
    this.items.push({ id, title, detail: '', cancel });
    return {
      update: (detail) => {
        const task = this.items.find((item) => item.id === id);
        if (task) task.detail = detail;
      },
      end: () => {
        this.items = this.items.filter((item) => item.id !== id);
      },
    };
  }
}
