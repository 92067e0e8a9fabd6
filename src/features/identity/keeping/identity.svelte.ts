/** Who is using the city on this device: the way in, and the way out. */
import { m } from '#messages/paraglide/messages.js';
import type { City } from '#client/city/city.ts';
import { parseBunkerAddress } from '#client/keys/bunker-address.ts';
import { connectBunker, resumeBunker } from '#client/keys/bunker-signer.ts';
import type { OpenBunkerLine, RemoteSigner } from '#client/keys/bunker-signer.ts';
import { DeviceSigner, makeSecretKey, publicKeyOf } from '#client/keys/device-signer.ts';
import { connectExtension, ExtensionSigner, pageExtension } from '#client/keys/extension-signer.ts';
import type { ExtensionPort } from '#client/keys/extension-signer.ts';
import { makeRecoveryFile, parseRecoveryFile } from '#client/keys/recovery/recovery-file.ts';
import { formatSecretKey, parseSecretKey } from '#client/keys/recovery/secret-key.ts';
import type { Signer } from '#client/keys/signer.ts';
import type { Sealer } from '#client/keys/vault/seal.ts';
import type { UnlockFailure, Vault } from '#client/keys/vault/vault.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import * as kinds from '#protocol/kinds.ts';
import { checkProfile } from '#protocol/profiles.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { OwnProfile } from './own-profile.svelte.ts';
import { downloadText } from './save-text.ts';
import type { SaveText } from './save-text.ts';
import { BORN, PROFILE_WANTED, RECOVERY_SAVED } from './tables.ts';

type Phase = 'loading' | 'visitor' | 'locked' | 'ready';

/** Where the signed-in person sits: the app's session. */
export interface Seat {
  signIn(signer: Signer): void;
  lock(pubkey: string): void;
  signOut(): void;
}

export interface AccountPorts {
  readonly city: City;
  readonly seat: Seat;
  readonly vault: Vault;
  /** Opens recovery files; the vault has the same one. */
  readonly sealer: Sealer;
  /** The passphrase of the account's key opens this profile from now on. */
  readonly setPassphrase: (passphrase: string) => Promise<void>;
  /** Called while somebody who leaves can still sign. */
  readonly leaving?: () => Promise<void>;
  /** Forgets everything that the city keeps of this profile on this device. */
  readonly wipe: () => Promise<void>;
  /** Relays where people from elsewhere keep their lists; none when only this city shall be asked. */
  readonly lookupRelays?: () => readonly string[];
  /** The app's address, for the recovery file. */
  readonly address: string;
  readonly extension?: ExtensionPort;
  readonly openBunker?: OpenBunkerLine;
  readonly saveText?: SaveText;
  readonly clock?: Clock;
}

/** Every way in which entering can fail; `occupied`: somebody is here already. */
type EntryFailure = Failure<string>;
type Entry = Promise<Result<true, EntryFailure>>;

const MY_KINDS = [kinds.PROFILE, kinds.RELAY_LIST, kinds.MY_GROUPS, kinds.INBOX_RELAYS];

/** One page's account. Call `start` once. */
export class AccountController {
  phase = $state<Phase>('loading');
  /** The person, also while locked. */
  pubkey = $state.raw<string | undefined>();
  signerKind = $state.raw<Signer['kind'] | undefined>();
  profile = $state.raw<OwnProfile | undefined>();
  /** An account was made in this page and its recovery file not yet offered. */
  shouldOfferRecovery = $state(false);
  /** The public key of the account that `create` would make: its arms can be shown before. */
  freshPubkey = $state.raw('');
  readonly #ports: AccountPorts;
  #fresh: Uint8Array = new Uint8Array();
  #device: DeviceSigner | undefined;
  #remote: RemoteSigner | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(ports: AccountPorts) {
    this.#ports = ports;
    this.drawAgain();
  }

  /** Takes up what the vault holds. */
  async start(): Promise<void> {
    const held = await this.#ports.vault.load();
    if (held.kind === 'nothing') this.phase = 'visitor';
    else if (held.kind === 'extension') await this.#enter(new ExtensionSigner(held.pubkey, this.#extension));
    else if (held.kind === 'bunker') {
      const signer = await resumeBunker(held.pubkey, held.address, held.own, this.#bunkerOptions());
      if (signer.ok) await this.#enter(signer.value);
      else this.phase = 'visitor';
    } else if (held.secret) await this.#enterWithKey(held.secret);
    else this.#showLocked(held.pubkey);
  }

  /** Another key for the account to come, with other arms. */
  drawAgain(): void {
    this.#fresh.fill(0);
    this.#fresh = makeSecretKey();
    this.freshPubkey = publicKeyOf(this.#fresh);
  }

  /** Makes an account: usable when this resolves, its profile is worked on behind. */
  create(name: string, passphrase: string): Entry {
    return this.#entering(async () => {
      const checked = checkProfile({ name });
      if (!checked.ok) return checked;
      const secret = this.#fresh;
      const pubkey = this.freshPubkey;
      await this.#ports.vault.keepKey(pubkey, secret, passphrase);
      await this.#ports.setPassphrase(passphrase);
      await this.#ports.city.record(
        this.#note(BORN, { pubkey, at: this.#now() }),
        this.#note(PROFILE_WANTED, { pubkey, profile: { name: name.trim() } }),
      );
      this.shouldOfferRecovery = true;
      await this.#enterWithKey(secret);
      this.drawAgain();
      return ok(true);
    });
  }

  signInWithExtension(): Entry {
    return this.#entering(async () => {
      const signer = await connectExtension(this.#extension);
      if (!signer.ok) return signer;
      await this.#ports.vault.keepExtension(signer.value.pubkey);
      await this.#enter(signer.value);
      return ok(true);
    });
  }

  /** `onauth` gets a web page where the person has to say yes. */
  signInWithBunker(
    text: string,
    options: { signal?: AbortSignal; onauth?: (url: string) => void } = {},
  ): Entry {
    return this.#entering(async () => {
      const address = parseBunkerAddress(text);
      if (!address.ok) return address;
      const own = makeSecretKey();
      const signer = await connectBunker(address.value, own, { ...this.#bunkerOptions(), ...options });
      if (!signer.ok) return signer;
      await this.#ports.vault.keepBunker(signer.value.pubkey, address.value, own);
      await this.#enter(signer.value);
      return ok(true);
    });
  }

  /** With the text of a recovery file (or the code in it) and its passphrase. */
  signInWithFile(text: string, passphrase: string): Entry {
    return this.#entering(async () => {
      const code = parseRecoveryFile(text);
      if (!code.ok) return code;
      const opened = await this.#ports.sealer.open(code.value.ncryptsec, passphrase);
      if (!opened.ok) return opened;
      const pubkey = publicKeyOf(opened.value);
      await this.#ports.vault.keepSealed(pubkey, opened.value, code.value.ncryptsec);
      await this.#ports.setPassphrase(passphrase);
      await this.#ports.city.record(this.#note(RECOVERY_SAVED, { pubkey, at: this.#now() }));
      await this.#enterWithKey(opened.value);
      return ok(true);
    });
  }

  /** With a bare secret key, kept under a new passphrase. */
  signInWithSecret(text: string, passphrase: string): Entry {
    return this.#entering(async () => {
      const secret = parseSecretKey(text);
      if (!secret.ok) return secret;
      await this.#ports.vault.keepKey(publicKeyOf(secret.value), secret.value, passphrase);
      await this.#ports.setPassphrase(passphrase);
      await this.#enterWithKey(secret.value);
      return ok(true);
    });
  }

  /** Opens a key that only its passphrase gives. */
  async unlock(passphrase: string): Promise<Result<true, UnlockFailure>> {
    const secret = await this.#ports.vault.unlock(passphrase);
    if (!secret.ok) return secret;
    await this.#ports.setPassphrase(passphrase);
    await this.#enterWithKey(secret.value);
    return ok(true);
  }

  /** Leaves, and takes everything of the city from this device. */
  async signOut(): Promise<void> {
    await this.#ports.leaving?.();
    this.#leave();
    this.pubkey = undefined;
    this.signerKind = undefined;
    this.shouldOfferRecovery = false;
    this.phase = 'visitor';
    this.#ports.seat.signOut();
    await this.#ports.vault.forget();
    await this.#ports.wipe();
  }

  /** Saves the recovery file; false when the key is not on this device. */
  async exportRecovery(): Promise<boolean> {
    const { vault, city, address, saveText = downloadText } = this.#ports;
    const ncryptsec = await vault.sealedKey();
    const pubkey = this.pubkey;
    if (ncryptsec === undefined || pubkey === undefined) return false;
    const name = this.profile?.shown.name ?? '';
    const file = makeRecoveryFile({ name, city: city.name, address, ncryptsec, madeAt: this.#now() });
    saveText(file.fileName, file.text);
    this.shouldOfferRecovery = false;
    await city.record(this.#note(RECOVERY_SAVED, { pubkey, at: this.#now() }));
    return true;
  }

  /** The person wants to save the recovery file another time. */
  postponeRecovery(): void {
    this.shouldOfferRecovery = false;
  }

  /** True while a gentle reminder is due: the key lives here only. */
  get isRecoveryDue(): boolean {
    const isLoaded = this.profile?.isLoaded === true;
    return this.signerKind === 'device' && isLoaded && this.profile?.recoverySavedAt === undefined;
  }

  /** The profile has another passphrase: the recovery file to be saved next opens with it too. */
  async passphraseChanged(passphrase: string): Promise<void> {
    await this.#ports.vault.reseal(passphrase);
  }

  /** The secret key as text (nsec), for the passphrase. */
  async revealSecret(passphrase: string): Promise<Result<string, UnlockFailure>> {
    const secret = await this.#ports.vault.reveal(passphrase);
    if (!secret.ok) return secret;
    const text = formatSecretKey(secret.value);
    secret.value.fill(0);
    return ok(text);
  }

  async #entering(enter: () => Entry): Entry {
    if (this.phase === 'locked' || this.phase === 'ready')
      return fail('occupied', 'Somebody is signed in on this device. Sign out first.');
    try {
      return await enter();
    } catch (cause) {
      return fail('storage', 'This device could not keep your account.', cause);
    }
  }

  async #enterWithKey(secret: Uint8Array): Promise<void> {
    this.#device = new DeviceSigner(secret);
    secret.fill(0);
    await this.#enter(this.#device);
  }

  async #enter(signer: Signer | RemoteSigner): Promise<void> {
    const { city, seat } = this.#ports;
    const { pubkey } = signer;
    this.#remote = 'close' in signer ? signer : undefined;
    this.pubkey = pubkey;
    this.signerKind = signer.kind;
    this.#watchProfile(pubkey);
    seat.signIn(signer);
    this.phase = 'ready';
    const filters = [{ kinds: MY_KINDS, authors: [pubkey] }];
    this.#unsubscribe = city.subscribe({ filters });
    for (const relay of this.#ports.lookupRelays?.() ?? []) void city.fetch({ relay, filters });
    if (this.profile) void this.#catchUp(this.profile);
  }

  /** What an earlier page left undone. */
  async #catchUp(profile: OwnProfile): Promise<void> {
    await profile.settleHome();
    await profile.publishWanted();
  }

  #watchProfile(pubkey: string): void {
    this.profile?.stop();
    this.profile = new OwnProfile(this.#ports.city, pubkey, () => m.identity_task_profile());
  }

  #showLocked(pubkey: string): void {
    this.pubkey = pubkey;
    this.#watchProfile(pubkey);
    this.signerKind = 'device';
    this.phase = 'locked';
    this.#ports.seat.lock(pubkey);
  }

  #leave(): void {
    this.#device?.forget();
    this.#device = undefined;
    this.#remote?.close();
    this.#remote = undefined;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.profile?.stop();
    this.profile = undefined;
  }

  get #extension(): ExtensionPort {
    return this.#ports.extension ?? pageExtension;
  }

  #bunkerOptions(): { open?: OpenBunkerLine } {
    return this.#ports.openBunker ? { open: this.#ports.openBunker } : {};
  }

  #now(): number {
    return (this.#ports.clock ?? systemClock).now();
  }

  #note(name: string, value: unknown): LocalEvent {
    return { type: 'SettingChanged', v: 1, name, value };
  }
}
