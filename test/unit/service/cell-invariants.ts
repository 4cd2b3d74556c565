import { expect } from 'vitest';
import { sha256 } from '../../../src/common/crypto.js';
import { FaultTolerantDb } from '../../../src/db/fault-tolerant-db.js';
import type { Key } from '../../../src/db/key.js';
import { decodeCounter } from '../../../src/chubby/records/counter.js';
import { decodeEphemeralHolding, decodeLockHolding } from '../../../src/chubby/records/holding.js';
import type { SessionId } from '../../../src/chubby/records/ids.js';
import { sessionIdOf } from '../../../src/chubby/records/ids.js';
import * as keys from '../../../src/chubby/records/keys.js';
import { decodeLock } from '../../../src/chubby/records/lock.js';
import { decodeNode } from '../../../src/chubby/records/node.js';
import { parentPath, ROOT } from '../../../src/chubby/records/node-path.js';
import type { NodePath } from '../../../src/chubby/records/node-path.js';
import { decodeSession } from '../../../src/chubby/records/session.js';
import { LIMITS } from '../../../src/wire/limits.js';
import type { FakeLog } from './fake-log.js';

/** The database of a replica that applied everything that was chosen. */
export function replayed({ chosen }: FakeLog): FaultTolerantDb {
  const db = new FaultTolerantDb();
  chosen.forEach(({ header, body }, i) => db.apply(i + 1, header, body));
  return db;
}

/** The entries whose keys begin so. */
export function* entriesOf(
  db: FaultTolerantDb,
  prefix: string,
): Generator<{ key: Key; rest: string; value: Uint8Array }> {
  for (const { key, value } of db.range(prefix as Key)) {
    if (!key.startsWith(prefix)) return;
    yield { key, rest: key.slice(prefix.length), value };
  }
}

/** What must hold between the entries of a cell, after every value. */
export function checkCell(db: FaultTolerantDb): void {
  checkNodes(db);
  checkLocks(db);
  checkSessions(db);
}

function checkNodes(db: FaultTolerantDb): void {
  const children = new Map<string, number>();
  const revision = decodeCounter(db.get(keys.REVISION_KEY)!);
  for (const { rest, value } of entriesOf(db, 'n')) {
    const path = rest as NodePath;
    const node = decodeNode(value);
    const parent = parentPath(path);
    if (parent !== undefined) {
      children.set(parent, (children.get(parent) ?? 0) + 1);
      expect(decodeNode(db.get(keys.nodeKey(parent))!).kind).toBe('directory');
    }
    expect(Math.max(node.instanceNumber, node.revision, node.removalRevision)).toBeLessThanOrEqual(revision);
    const contents = db.get(keys.contentsKey(path));
    expect(contents !== undefined).toBe(node.kind === 'file');
    if (contents !== undefined) {
      expect(contents.length).toBe(node.lengthBytes);
      expect(Buffer.compare(sha256(contents).subarray(0, 8), node.contentChecksum)).toBe(0);
    }
    if (node.creator !== undefined) {
      expect(node.ephemeral).toBe(true);
      const { sessionId, handleIds } = node.creator;
      expect(handleIds.length).toBeGreaterThan(0);
      expect(new Set(handleIds).size).toBe(handleIds.length);
      for (const handleId of handleIds) {
        expect(decodeEphemeralHolding(db.get(keys.ephemeralHoldingKey(sessionId, handleId))!).path).toBe(path);
      }
    } else if (node.ephemeral) {
      expect(node.childCount).toBeGreaterThan(0);
    }
  }
  expect(db.has(keys.nodeKey(ROOT))).toBe(true);
  for (const { rest, value } of entriesOf(db, 'n')) expect(decodeNode(value).childCount).toBe(children.get(rest) ?? 0);
  for (const { key, rest, value } of entriesOf(db, 'he')) {
    const { creator } = decodeNode(db.get(keys.nodeKey(decodeEphemeralHolding(value).path))!);
    expect(creator?.sessionId).toBe(rest.slice(0, 8));
    expect(creator?.handleIds).toContain(keys.handleIdOfHoldingKey(key));
  }
  for (const { rest } of entriesOf(db, 'f')) expect(db.has(keys.nodeKey(rest as NodePath))).toBe(true);
}

function checkLocks(db: FaultTolerantDb): void {
  for (const { rest, value } of entriesOf(db, 'l')) {
    const path = rest as NodePath;
    const lock = decodeLock(value);
    expect(db.has(keys.nodeKey(path))).toBe(true);
    if (lock.mode === 'exclusive') expect(lock.holders.length).toBeLessThanOrEqual(1);
    expect(db.has(keys.heldBackKey(path))).toBe(lock.holders.some(({ heldBack }) => heldBack));
    for (const { sessionId, handleId, acquireNumber, heldBack } of lock.holders) {
      if (heldBack) continue;
      const holding = decodeLockHolding(db.get(keys.lockHoldingKey(sessionId, handleId))!);
      expect(holding).toEqual({ path, acquireNumber });
    }
  }
  for (const { key, rest, value } of entriesOf(db, 'hl')) {
    const { path } = decodeLockHolding(value);
    const holder = decodeLock(db.get(keys.lockKey(path))!).holders.find(
      ({ sessionId, handleId }) => sessionId === rest.slice(0, 8) && handleId === keys.handleIdOfHoldingKey(key),
    );
    expect(holder?.heldBack).toBe(false);
  }
  for (const { rest } of entriesOf(db, 'd')) expect(db.has(keys.lockKey(rest as NodePath))).toBe(true);
}

function checkSessions(db: FaultTolerantDb): void {
  const results = new Map<string, number>();
  for (const { key, rest } of entriesOf(db, 'q')) {
    const sessionId = rest.slice(0, 8) as SessionId;
    const session = decodeSession(db.get(keys.sessionKey(sessionId))!);
    expect(keys.numberOfResultKey(key)).toBeGreaterThan(session.watermark);
    results.set(sessionId, (results.get(sessionId) ?? 0) + 1);
  }
  for (const count of results.values()) expect(count).toBeLessThanOrEqual(LIMITS.requestWindow + 64);
  for (const prefix of ['hl', 'he']) {
    for (const { rest } of entriesOf(db, prefix)) {
      expect(db.has(keys.sessionKey(rest.slice(0, 8) as SessionId))).toBe(true);
    }
  }
  for (const { rest, value } of entriesOf(db, 's')) {
    const { nonce } = decodeSession(value);
    expect(sessionIdOf(db.get(keys.nonceKey(nonce))!)).toBe(rest);
  }
  for (const { value } of entriesOf(db, 'o')) expect(db.has(keys.sessionKey(sessionIdOf(value)))).toBe(true);
}
