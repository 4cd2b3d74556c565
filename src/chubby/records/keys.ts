import { toLatin1 } from '../../common/bytes.js';
import { justAfter, prefixEnd } from '../../db/key.js';
import type { Key } from '../../db/key.js';
import type { SessionId } from './ids.js';
import { childrenPrefix, levelsOf } from './node-path.js';
import type { NodePath } from './node-path.js';

// Every key that Chubby uses, by its first characters. What clients name reaches keys only behind one of the prefixes
// of nodes, so that no name ever reaches the cell's secrets.
const PREFIX = {
  cellFacts: 'C',
  revision: 'R',
  longestLease: 'L',
  handleSecret: 'Kh',
  signingKey: 'Ks',
  formerKey: 'Kf',
  node: 'n',
  contents: 'f',
  lock: 'l',
  heldBack: 'd',
  session: 's',
  nonce: 'o',
  result: 'q',
  lockHolding: 'hl',
  ephemeralHolding: 'he',
} as const;

/** Of every key that holds a secret of the cell, or what is left of one. */
const SECRETS_PREFIX = 'K';
/** Of every holding of a session. */
const HOLDINGS_PREFIX = 'h';

/** Keys with `from <= key < to`, as `ReadView.range` takes them. */
export interface KeyRange {
  readonly from: Key;
  readonly to: Key | undefined;
}

const all = (prefix: string): KeyRange => ({ from: prefix as Key, to: prefixEnd(prefix as Key) });

const COUNTER_CHARACTERS = 7;

/** A counter so that the keys' order is the numbers' order: 56 bits hold every safe integer. */
function counterKey(value: number): string {
  const high = Math.floor(value / 2 ** 32);
  return String.fromCharCode(
    (high >>> 16) & 0xff,
    (high >>> 8) & 0xff,
    high & 0xff,
    (value >>> 24) & 0xff,
    (value >>> 16) & 0xff,
    (value >>> 8) & 0xff,
    value & 0xff,
  );
}

/** The counter at the end of a key. */
function counterOf(key: Key): number {
  let value = 0;
  for (let i = key.length - COUNTER_CHARACTERS; i < key.length; i++) value = value * 256 + key.charCodeAt(i);
  return value;
}

export const CELL_FACTS_KEY = PREFIX.cellFacts as Key;
export const REVISION_KEY = PREFIX.revision as Key;
/** Beside what their own records say, no session is promised a longer lease than this. */
export const LONGEST_LEASE_KEY = PREFIX.longestLease as Key;

// --- secrets: no path, listing, export, dump or backup reaches them (DESIGN 5) ---

export const HANDLE_SECRET_KEY = PREFIX.handleSecret as Key;
export const signingKeyKey = (keyId: number): Key => (PREFIX.signingKey + counterKey(keyId)) as Key;
/** Of a key that signs, or did. */
export const signingKeyIdOf = counterOf;
export const ALL_SIGNING_KEYS = all(PREFIX.signingKey);
/** What is left of a signing key after the next one. */
export const formerKeyKey = (keyId: number): Key => (PREFIX.formerKey + counterKey(keyId)) as Key;
export const ALL_FORMER_KEYS = all(PREFIX.formerKey);

export const ALL_SECRETS = all(SECRETS_PREFIX);

// --- nodes ---

export const nodeKey = (path: NodePath): Key => (PREFIX.node + path) as Key;
export const contentsKey = (path: NodePath): Key => (PREFIX.contents + path) as Key;
export const lockKey = (path: NodePath): Key => (PREFIX.lock + path) as Key;
export const ALL_NODES = all(PREFIX.node);
export const ALL_CONTENTS = all(PREFIX.contents);
export const pathOfNodeKey = (key: Key): NodePath => key.slice(PREFIX.node.length) as NodePath;
/** The children of a directory, in byte order of their names. */
export const childrenOf = (directory: NodePath): KeyRange => all(PREFIX.node + childrenPrefix(directory));

export const pathOfLockKey = (key: Key): NodePath => key.slice(PREFIX.lock.length) as NodePath;
/** The locks of a node and of all below, level by level. */
export function lockRecordsBelow(path: NodePath, levels: number): KeyRange[] {
  const own = lockKey(path);
  const ranges: KeyRange[] = [{ from: own, to: justAfter(own) }];
  for (let level = levelsOf(path) + 1; level <= levels; level++) {
    ranges.push(all(`${PREFIX.lock}${String.fromCharCode(level)}${path.slice(1)}/`));
  }
  return ranges;
}

/** Says that a lock is held back for a session that expired. */
export const heldBackKey = (path: NodePath): Key => (PREFIX.heldBack + path) as Key;
export const pathOfHeldBackKey = (key: Key): NodePath => key.slice(PREFIX.heldBack.length) as NodePath;
export const ALL_HELD_BACK = all(PREFIX.heldBack);

// --- sessions ---

export const sessionKey = (session: SessionId): Key => (PREFIX.session + session) as Key;
export const sessionIdOfKey = (key: Key): SessionId => key.slice(PREFIX.session.length) as SessionId;
export const ALL_SESSIONS = all(PREFIX.session);
/** The sessions behind this one in the order of their ids. */
export const sessionsAfter = (session: SessionId): KeyRange => ({
  from: justAfter(sessionKey(session)),
  to: ALL_SESSIONS.to,
});
export const nonceKey = (nonce: Uint8Array): Key => (PREFIX.nonce + toLatin1(nonce)) as Key;

export const resultKey = (session: SessionId, number: number): Key =>
  (PREFIX.result + session + counterKey(number)) as Key;
export const numberOfResultKey = counterOf;
export const resultsOf = (session: SessionId): KeyRange => all(PREFIX.result + session);

export const lockHoldingKey = (session: SessionId, handleId: number): Key =>
  (PREFIX.lockHolding + session + counterKey(handleId)) as Key;
export const lockHoldingsOf = (session: SessionId): KeyRange => all(PREFIX.lockHolding + session);
export const ephemeralHoldingKey = (session: SessionId, handleId: number): Key =>
  (PREFIX.ephemeralHolding + session + counterKey(handleId)) as Key;
export const ephemeralHoldingsOf = (session: SessionId): KeyRange => all(PREFIX.ephemeralHolding + session);
export const ALL_EPHEMERAL_HOLDINGS = all(PREFIX.ephemeralHolding);
/** The session that a holding of either kind belongs to. */
export const sessionIdOfHolding = (key: Key): SessionId =>
  key.slice(PREFIX.ephemeralHolding.length, -COUNTER_CHARACTERS) as SessionId;
/** The handle that a holding of either kind belongs to. */
export const handleIdOfHoldingKey = counterOf;

/** All that is known of sessions: they themselves, their secrets with them, and what they hold. */
export const ALL_OF_SESSIONS = [ALL_SESSIONS, all(PREFIX.nonce), all(PREFIX.result), all(HOLDINGS_PREFIX)] as const;
