/**
 * Random cases are the same in every run, so that a change is judged by what it changes; `FC_SEED=random` (or a number) looks for new
 * ones.
 */
import fc from 'fast-check';

const wanted = process.env['FC_SEED'] ?? '20261122';
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
