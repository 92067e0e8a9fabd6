import { expect, test } from 'vitest';
import { summarizeTasks, type TrayTask } from './task-tray.ts';

const task = (state: TrayTask['state'], progress?: number): TrayTask => ({
  id: state,
  title: state,
  state,
  progress,
});

test('an empty tray', () => {
  expect(summarizeTasks([])).toEqual({ running: 0, paused: 0, failed: 0, progress: undefined });
});

test('counts what runs and what needs a hand', () => {
  const tasks = [
    task('running', 0.2),
    task('running', 0.6),
    task('failed', 0.1),
    task('paused', 0.9),
    task('done', 1),
  ];
  expect(summarizeTasks(tasks)).toEqual({ running: 2, paused: 1, failed: 1, progress: 0.4 });
});

test('says no progress when one of the tasks does not know its own', () => {
  expect(summarizeTasks([task('running', 0.2), task('running')]).progress).toBeUndefined();
});
