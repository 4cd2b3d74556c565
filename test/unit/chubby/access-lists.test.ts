import { describe, expect, it } from 'vitest';
import { AccessLists, pathOfList } from '../../../src/chubby/access-lists.js';
import { OPEN_TO_ALL } from '../../../src/chubby/records/acl-names.js';
import { contentsKey, nodeKey } from '../../../src/chubby/records/keys.js';
import { encodeNode } from '../../../src/chubby/records/node.js';
import { sha256 } from '../../../src/common/crypto.js';
import type { Key } from '../../../src/db/key.js';

/** A state that holds nothing but access lists, and counts how often one is read through. */
class Lists {
  readonly #entries = new Map<Key, Uint8Array>();
  read = 0;

  get(key: Key): Uint8Array | undefined {
    if (key.startsWith('f')) this.read++;
    return this.#entries.get(key);
  }

  put(name: string, text: string, contentGeneration = 1): this {
    const contents = Buffer.from(text);
    const node = {
      kind: 'file',
      ephemeral: false,
      creator: undefined,
      instanceNumber: 7,
      contentGeneration,
      acl: OPEN_TO_ALL,
      aclGeneration: 1,
      contentChecksum: sha256(contents).subarray(0, 8),
      lengthBytes: contents.length,
      revision: 7,
      childCount: 0,
      removalRevision: 0,
      nextSequence: 0,
    } as const;
    this.#entries.set(nodeKey(pathOfList(name)), encodeNode(node));
    this.#entries.set(contentsKey(pathOfList(name)), contents);
    return this;
  }
}

describe('an access list', () => {
  it('admits whom a line names, blanks around it and comments left out', () => {
    const view = new Lists().put('l', '# ann\n\n  bob\t\r\ncarl # not a comment\n*x\nd*');
    const admitted = ['ann', '# ann', 'bob', 'carl', '', 'x', '*x', 'd', 'd*'].filter((principal) =>
      new AccessLists(100).admits(view, 'l', principal),
    );
    expect(admitted).toEqual(['bob', '*x', 'd*']);
  });

  it('admits everybody by a line of one star', () => {
    expect(new AccessLists(100).admits(new Lists().put('l', 'ann\n*'), 'l', 'zoe')).toBe(true);
  });

  it('is read through once for as long as it stays as it is', () => {
    const view = new Lists().put('l', 'ann');
    const lists = new AccessLists(100);
    for (let i = 0; i < 10; i++) expect(lists.admits(view, 'l', 'ann')).toBe(true);
    expect(view.read).toBe(1);
    view.put('l', 'bob', 2);
    expect(lists.admits(view, 'l', 'ann')).toBe(false);
    expect(view.read).toBe(2);
  });

  it('is read again where a request that came to nothing gave it the same generation', () => {
    const lists = new AccessLists(100);
    expect(lists.admits(new Lists().put('l', 'ann', 2), 'l', 'ann')).toBe(true);
    expect(lists.admits(new Lists().put('l', 'bob', 2), 'l', 'ann')).toBe(false);
  });

  it('is kept in memory within a bound', () => {
    const view = new Lists();
    const lists = new AccessLists(8);
    for (const name of ['a', 'b', 'c']) view.put(name, 'x\ny');
    for (const name of ['a', 'b', 'c', 'c', 'b']) lists.admits(view, name, 'x');
    expect(view.read).toBe(3);
    lists.admits(view, 'a', 'x');
    expect(view.read).toBe(4);
    view.put('huge', Array.from({ length: 50 }, (_, i) => `p${i}`).join('\n'));
    expect(lists.admits(view, 'huge', 'p49')).toBe(true);
    expect(lists.admits(view, 'huge', 'p49')).toBe(true);
    expect(view.read).toBe(5);
  });
});
