/** What the tray of long work lists, and what its pill says. */

/** One piece of long work. `progress` 0…1 when it is known; all texts are words for people. */
export interface TrayTask {
  readonly id: string;
  readonly title: string;
  readonly state: 'running' | 'paused' | 'failed' | 'done';
  readonly detail?: string | undefined;
  readonly progress?: number | undefined;
  readonly progressText?: string | undefined;
  /** Numbers with their names, in columns, for work whose end nobody can promise. */
  readonly facts?: readonly TaskFact[] | undefined;
  readonly onpause?: (() => void) | undefined;
  readonly onresume?: (() => void) | undefined;
  readonly oncancel?: (() => void) | undefined;
  readonly onretry?: (() => void) | undefined;
  readonly ondismiss?: (() => void) | undefined;
}

/** A number of a task with its name, both in words. */
interface TaskFact {
  readonly label: string;
  readonly value: string;
}

/** Counts for the pill: what runs, what the person paused, what needs a hand, and the mean progress of what runs and knows its own. */
export interface TraySummary {
  readonly running: number;
  readonly paused: number;
  readonly failed: number;
  readonly progress: number | undefined;
}

/** Sums the tasks up. Done ones count for nothing. */
export function summarizeTasks(tasks: readonly TrayTask[]): TraySummary {
  const running = tasks.filter((task) => task.state === 'running');
  const known = running.flatMap((task) => (task.progress === undefined ? [] : [task.progress]));
  const allKnown = known.length > 0 && known.length === running.length;
  return {
    running: running.length,
    paused: tasks.filter((task) => task.state === 'paused').length,
    failed: tasks.filter((task) => task.state === 'failed').length,
    progress: allKnown ? known.reduce((sum, part) => sum + part, 0) / known.length : undefined,
  };
}
