/** Passkeys as the browser has them (WebAuthn Level 3, extension `prf`). Nothing is checked by a server: what counts is the secret. */
import { bytesToHex, parseHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Bytes, PasskeyFailure, PasskeyPort } from '../ports.ts';

/** ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257];
const SECRET_BYTES = 32;
const CITY = 'Synchrono City';

/** What `PublicKeyCredential` has beyond the types: telling the person's list of passkeys what is of no use any more. */
interface Signals {
  readonly signalUnknownCredential?: (told: { rpId: string; credentialId: string }) => Promise<void>;
}

/** What is used of `window`. */
export interface CredentialWindow {
  readonly navigator: { readonly credentials?: Pick<CredentialsContainer, 'create' | 'get'> };
  readonly location: { readonly hostname: string };
  readonly PublicKeyCredential?: Signals;
}

const chance = (bytes: number): Bytes => crypto.getRandomValues(new Uint8Array(bytes));

/** The machine's passkeys. */
export const browserPasskeys = (page: CredentialWindow = window): PasskeyPort => ({
  isSupported: () => page.PublicKeyCredential !== undefined && page.navigator.credentials !== undefined,
  make: ({ name, known, salt }) =>
    trying(async () => {
      const credential = await page.navigator.credentials?.create({
        publicKey: {
          rp: { name: CITY },
          // By chance: another passkey must not push out one that another profile has.
          user: { id: chance(32), name, displayName: name },
          challenge: chance(32),
          pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
          excludeCredentials: known.map(descriptorOf),
          authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
          extensions: { prf: { eval: { first: salt } } },
        },
      });
      const made = credential as PublicKeyCredential | null | undefined;
      if (!made) return fail('failed', 'No passkey was made.');
      const { prf } = made.getClientExtensionResults();
      const id = bytesToHex(new Uint8Array(made.rawId));
      const secret = secretOf(prf);
      if (secret) return ok({ id, secret });
      if (prf?.enabled === true) return ok({ id });
      forget(page, id);
      return fail('unsupported', 'This passkey gives no secret to open with.');
    }),
  ask: (ids, salt) =>
    trying(async () => {
      const credential = await page.navigator.credentials?.get({
        publicKey: {
          challenge: chance(32),
          allowCredentials: ids.map(descriptorOf),
          userVerification: 'required',
          extensions: { prf: { eval: { first: salt } } },
        },
      });
      const asked = credential as PublicKeyCredential | null | undefined;
      if (!asked) return fail('failed', 'No passkey has answered.');
      const secret = secretOf(asked.getClientExtensionResults().prf);
      if (!secret) return fail('unsupported', 'This passkey gives no secret to open with.');
      return ok({ id: bytesToHex(new Uint8Array(asked.rawId)), secret });
    }),
  forget: (id) => forget(page, id),
});

const descriptorOf = (id: string): PublicKeyCredentialDescriptor => {
  const bytes = parseHex(id);
  return { type: 'public-key', id: bytes.ok ? bytes.value : new Uint8Array() };
};

const secretOf = (prf: AuthenticationExtensionsPRFOutputs | undefined): Bytes | undefined => {
  const first = prf?.results?.first;
  if (!first) return undefined;
  const bytes = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice()
    : new Uint8Array(first).slice();
  return bytes.length === SECRET_BYTES ? (bytes as Bytes) : undefined;
};

const forget = ({ PublicKeyCredential, location }: CredentialWindow, id: string): void => {
  const bytes = parseHex(id);
  if (!bytes.ok) return;
  const text = btoa(String.fromCharCode(...bytes.value));
  const credentialId = text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  // A courtesy: where it fails, an entry of no use stays in the person's list.
  PublicKeyCredential?.signalUnknownCredential?.({ rpId: location.hostname, credentialId }).catch(
    () => undefined,
  );
};

/** By the names of WebAuthn's errors. */
const CODES: Readonly<Record<string, PasskeyFailure['code']>> = {
  NotAllowedError: 'cancelled',
  AbortError: 'cancelled',
  NotSupportedError: 'unsupported',
  SecurityError: 'unsupported',
};

const trying = async <T>(
  work: () => Promise<Result<T, PasskeyFailure>>,
): Promise<Result<T, PasskeyFailure>> => {
  try {
    return await work();
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : { name: '', message: 'no reason given' };
    return fail(CODES[name] ?? 'failed', message, cause);
  }
};
