/** Which profile this page is for, and what opens it. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { browserKeeperPorts } from '#client/profiles/browser/browser-ports.ts';
import { ProfileKeeper } from '#client/profiles/profile-keeper.ts';
import { sparing } from '#client/profiles/restoring.ts';
import { destroyProfileStore } from '#client/store/opening/destroy-profile.ts';

/** The keeper of this browser's profiles; `storage` where the browser keeps nothing for us. The page begins anew when the profile is locked or erased. */
export const openKeeper = async (): Promise<Result<ProfileKeeper, Failure<'storage'>>> => {
  if (!globalThis.isSecureContext) return fail('storage', 'Nothing can be sealed on an insecure page.');
  try {
    const ports = browserKeeperPorts(destroyProfileStore);
    const keeper = await ProfileKeeper.open({ ...ports, destroy: sparing(ports) });
    keeper.onlock((reason) => (reason === 'erased' ? location.replace('/') : location.reload()));
    return ok(keeper);
  } catch (cause) {
    return fail('storage', cause instanceof Error ? cause.message : String(cause), cause);
  }
};
