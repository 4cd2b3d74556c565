/** Both mean the cell at hand. ([CH] 2.3) */
const LOCAL = '/ls/local';

/**
 * What the nodes of one cell are called in the cache: `/a/b` for `/ls/local/a/b` and for `/ls/<cell>/a/b`, since both are
 * the same node. A name of another cell is nothing here: that cell's refusal is for this one's master to give.
 */
export class CellNames {
  #own: string | undefined;

  /** Any replica says what its cell is called. */
  learn(cell: string): void {
    if (cell !== '') this.#own = `/ls/${cell}`;
  }

  /** Nothing for what is no name of this cell, as far as is known. */
  keyOf(name: string): string | undefined {
    if (typeof name !== 'string') return undefined;
    const prefix = name.startsWith(LOCAL) ? LOCAL : this.#own;
    if (prefix === undefined || !name.startsWith(prefix)) return undefined;
    const from = prefix.length;
    if (name.length === from) return '';
    if (name.charCodeAt(from) !== SLASH) return undefined;
    // One slash at the end is forgiven by the cell.
    return name.charCodeAt(name.length - 1) === SLASH ? name.slice(from, -1) : name.slice(from);
  }

  /** As {@link keyOf}, of a name that the cell itself gave. */
  static keyOfOwn(name: string): string {
    const end = name.indexOf('/', '/ls/'.length);
    return end === -1 ? '' : name.slice(end);
  }

  /** The name of a node that every cell knows by it. */
  static nameOf(key: string): string {
    return LOCAL + key;
  }
}

/** The directory of a node; nothing above the root. */
export function parentOf(key: string): string | undefined {
  return key === '' ? undefined : key.slice(0, key.lastIndexOf('/'));
}

const SLASH = 0x2f;
