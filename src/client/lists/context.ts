/** Context tokens for one's own lists, beneath the features that go by them; `app` provides the values. */
import { createContext } from 'svelte';
import type { Shunned } from './shunned/shunned.svelte.ts';

/** Whom and what the person does not want to meet. */
export const [useShunned, provideShunned] =
  createContext<Pick<Shunned, 'isShunned' | 'isMuted' | 'isBlocked' | 'hides' | 'mute'>>();
