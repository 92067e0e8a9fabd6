/** A browser with tabs that keep profiles: what they share, and what each has of its own. */
import type { KeeperPorts } from '../../src/client/profiles/ports.ts';
import { ProfileKeeper } from '../../src/client/profiles/profile-keeper.ts';
import { FakeHands } from './fake-hands.ts';
import { FakePasskeys } from './fake-passkeys.ts';
import { FakeOrigin } from './fake-tabs.ts';
import type { FakeTab } from './fake-tabs.ts';
import { MemoryRegister } from './memory-register.ts';

export class ProfileBrowser {
  readonly origin = new FakeOrigin();
  readonly register = new MemoryRegister();
  readonly passkeys = new FakePasskeys();
  readonly hands = new FakeHands();
  /** What was erased, in order, among what the register did. */
  readonly done = this.register.done;
  /** Set to make it fail. */
  destroy: (profile: string) => Promise<void> = async () => undefined;

  ports(tab: FakeTab): KeeperPorts {
    return {
      register: this.register,
      line: tab.line,
      locks: tab.locks,
      passkeys: this.passkeys,
      hands: this.hands,
      destroy: async (profile) => {
        await this.destroy(profile);
        this.done.push('destroy');
      },
      sweep: async () => void this.done.push('sweep'),
      sweepTab: () => void this.done.push('sweep tab'),
      iterations: 1000,
    };
  }

  /** A new tab's keeper, and what it heard. */
  async tab() {
    const tab = this.origin.tab();
    const keeper = await ProfileKeeper.open(this.ports(tab));
    const heard: string[] = [];
    keeper.onlock((reason) => heard.push(reason));
    keeper.onclosing(() => heard.push('closing'));
    keeper.onopen(() => heard.push('open'));
    return { tab, keeper, heard };
  }

  /** A tab whose profile is open, with a passphrase. */
  async openTab(passphrase = 'blue heron') {
    const opened = await this.tab();
    const keys = await opened.keeper.openAtOnce();
    if (!keys) throw new Error('not open');
    const set = await opened.keeper.setPassphrase(passphrase);
    if (!set.ok) throw new Error(set.error.code);
    return { ...opened, keys };
  }
}
