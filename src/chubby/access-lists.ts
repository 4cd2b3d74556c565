import { assert } from '../common/assert.js';
import { sameBytes } from '../common/bytes.js';
import type { Lookup } from './draft.js';
import { ACL_DIRECTORY } from './genesis.js';
import { contentsKey } from './records/keys.js';
import { childPath } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';
import { readNode } from './read-node.js';

/** One line of an access list that admits whoever comes. */
const EVERYBODY = '*';
const COMMENT = '#';

type Principals = ReadonlySet<string>;

interface Parsed {
  readonly instanceNumber: number;
  readonly contentGeneration: number;
  readonly contentChecksum: Uint8Array;
  readonly principals: Principals;
}

/** Where the access list of this name is. */
export const pathOfList = (name: string): NodePath =>
  childPath(ACL_DIRECTORY, Buffer.from(name, 'utf8').toString('latin1'));

/**
 * The access lists as they are parsed: files of one principal a line, where blank lines and those that begin with `#`
 * say nothing, and `*` admits everybody. ([CH] 2.2)
 *
 * What was parsed is kept in the master's memory for as long as the file stays as it is. Generations alone would not
 * tell: a request that was computed and never proposed gave out the same ones.
 */
export class AccessLists {
  readonly #limit: number;
  readonly #parsed = new Map<NodePath, Parsed>();
  #principals = 0;

  /** @param limit principals kept in memory, those of the list parsed last apart */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the list admits the principal in this state. A list that is missing admits nobody. */
  admits(view: Lookup, name: string, principal: string): boolean {
    const principals = this.#principalsOf(view, pathOfList(name));
    return principals !== undefined && (principals.has(principal) || principals.has(EVERYBODY));
  }

  #principalsOf(view: Lookup, path: NodePath): Principals | undefined {
    const node = readNode(view, path);
    if (node?.kind !== 'file') return undefined;
    const known = this.#parsed.get(path);
    if (known !== undefined) {
      if (
        known.instanceNumber === node.instanceNumber &&
        known.contentGeneration === node.contentGeneration &&
        sameBytes(known.contentChecksum, node.contentChecksum)
      ) {
        return known.principals;
      }
      this.#forget(path, known);
    }
    const contents = view.get(contentsKey(path));
    assert(contents !== undefined, 'a file has contents');
    const { instanceNumber, contentGeneration, contentChecksum } = node;
    const principals = parse(contents);
    this.#keep(path, { instanceNumber, contentGeneration, contentChecksum, principals });
    return principals;
  }

  #keep(path: NodePath, parsed: Parsed): void {
    for (const [other, oldest] of this.#parsed) {
      if (this.#principals + costOf(parsed) <= this.#limit) break;
      this.#forget(other, oldest);
    }
    this.#parsed.set(path, parsed);
    this.#principals += costOf(parsed);
  }

  #forget(path: NodePath, parsed: Parsed): void {
    this.#parsed.delete(path);
    this.#principals -= costOf(parsed);
  }
}

/** An empty list takes its place, too. */
const costOf = ({ principals }: Parsed): number => principals.size + 1;

function parse(contents: Uint8Array): Principals {
  const lines = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength).toString('utf8').split('\n');
  const principals = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith(COMMENT));
  return new Set(principals);
}
