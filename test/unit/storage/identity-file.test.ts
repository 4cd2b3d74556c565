import { link, mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DamagedIdentity } from '../../../src/storage/identity-store.js';
import { FileIdentityStore } from '../../../src/storage/level/identity-file.js';
import { UnusableDirectory } from '../../../src/storage/level/unusable-directory.js';
import { StorageFailure } from '../../../src/storage/storage-failure.js';
import { identityStoreSuite } from './identity-store-conformance.js';
import { FORMING, MEMBER } from './records.js';
import { temporaryDirectory } from './temporary-directory.js';

identityStoreSuite('FileIdentityStore', async () => {
  const directory = await temporaryDirectory();
  const aside = join(directory, 'identity.json.new');
  return {
    store: () => new FileIdentityStore(directory),
    refuseWrites: (refused) => (refused ? mkdir(aside).then(() => undefined) : rmdir(aside)),
    dispose: async () => undefined,
  };
});

describe('FileIdentityStore', () => {
  let directory: string;
  let path: string;
  let store: FileIdentityStore;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = join(directory, 'identity.json');
    store = new FileIdentityStore(directory);
  });

  it('leaves one file, for its owner only', async () => {
    await writeFile(join(directory, 'identity.json.new'), 'left by a crash', { mode: 0o644 });
    await store.create(FORMING);
    await store.save(MEMBER);
    expect(await readdir(directory)).toEqual(['identity.json']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('creates the first identity only', async () => {
    await store.create(FORMING);
    expect(await readdir(directory)).toEqual(['identity.json']);
    const second = new FileIdentityStore(directory).create(MEMBER);
    await expect(second).rejects.toThrow(UnusableDirectory);
    await expect(second).rejects.toThrow(`${directory} is being formatted by another process`);
    expect(await store.load()).toEqual(FORMING);
  });

  it('never writes over the file that holds the identity, not even by a second name that a crash left', async () => {
    await store.create(FORMING);
    const original = await readFile(path, 'utf8');
    const witness = join(directory, 'witness');
    await link(path, witness);
    await link(path, join(directory, 'identity.json.new'));
    await store.save(MEMBER);
    expect(await readFile(witness, 'utf8')).toBe(original);
    expect(await store.load()).toEqual(MEMBER);
  });

  it('keeps a format that people and later versions can read', async () => {
    await store.create(MEMBER);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      formatVersion: 1,
      checksum: expect.stringMatching(/^[0-9a-f]{8}$/),
      identity: MEMBER,
    });
  });

  it('never takes a changed file for another identity', async () => {
    await store.create(MEMBER);
    const original = await readFile(path);
    let refused = 0;
    for (let at = 0; at < original.length; at++) {
      const flipped = Buffer.from(original);
      flipped[at]! ^= 1 << (at % 7);
      await writeFile(path, flipped);
      try {
        expect(await store.load()).toEqual(MEMBER);
      } catch (error) {
        const expected = flipped.includes('"formatVersion": 1,') ? DamagedIdentity : Error;
        expect(error).toBeInstanceOf(expected);
        refused++;
      }
    }
    const whiteSpace = original.toString().match(/\s/g)!.length;
    expect(refused).toBeGreaterThanOrEqual(original.length - whiteSpace);
  });

  it.each([
    ['emptied', () => ''],
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['no JSON', () => 'replica 2'],
    ['no object', () => '[]'],
    ['null', () => 'null'],
    ['without an identity', () => '{"formatVersion":1,"checksum":"00000000"}'],
  ])('says that a file is damaged which is %s', async (_, change) => {
    await store.create(MEMBER);
    await writeFile(path, change(await readFile(path, 'utf8')));
    const loaded = store.load();
    await expect(loaded).rejects.toThrow(DamagedIdentity);
    await expect(loaded).rejects.toThrow(
      new RegExp(`^${path} is damaged: .* must not vote: move its data directory aside`),
    );
  });

  it.each([
    ['no member without a cell', { ...FORMING, state: 'member' }],
    ['no cell that is formed without founders', { ...FORMING, cellId: MEMBER.cellId }],
    ['no cell of nobody', { ...MEMBER, founders: [] }],
    ['no unknown state', { ...MEMBER, state: 'learner' }],
    ['no short incarnation', { ...MEMBER, self: { ...MEMBER.self, incarnation: '0123' } }],
    ['no replica 0', { ...MEMBER, self: { ...MEMBER.self, replicaId: 0 } }],
    ['no negative lease', { ...MEMBER, longestLeaseMs: -1 }],
    ['no short cell id', { ...MEMBER, offeredCellId: '00' }],
  ])('takes %s', async (_, identity) => {
    await store.create(identity as typeof MEMBER);
    await expect(store.load()).rejects.toThrow(DamagedIdentity);
  });

  it('keeps who joined a cell that lived already, in a format that an earlier program does not know', async () => {
    const { founders: _, ...joined } = MEMBER;
    await store.create(joined);
    expect(await store.load()).toEqual(joined);
    expect(await readFile(path, 'utf8')).toContain('"formatVersion": 2');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"formatVersion": 2', '"formatVersion": 1'));
    await expect(store.load()).rejects.toThrow(DamagedIdentity);
  });

  it('does not guess at a later format', async () => {
    await store.create(MEMBER);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"formatVersion": 1', '"formatVersion": 3'));
    await expect(store.load()).rejects.toThrow(UnusableDirectory);
    await expect(store.load()).rejects.toMatchObject({ reason: 'newer-format' });
  });

  it('says what it could not read or write', async () => {
    await mkdir(path);
    await expect(store.load()).rejects.toThrow(StorageFailure);
    await expect(store.load()).rejects.toThrow(`cannot read ${path}`);
    await rmdir(path);
    await mkdir(`${path}.new`);
    await expect(store.create(MEMBER)).rejects.toThrow(`cannot write ${path}`);
  });
});
