import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, parseName, parseNameBelow } from '../../../src/chubby/names.js';
import {
  childPath,
  childrenPrefix,
  lastComponent,
  levelsOf,
  parentPath,
  ROOT,
} from '../../../src/chubby/records/node-path.js';
import type { NodePath } from '../../../src/chubby/records/node-path.js';
import { Refusal } from '../../../src/chubby/refusal.js';
import { LIMITS } from '../../../src/wire/limits.js';

const parse = (name: string) => parseName(name, 'home', LIMITS);
const reasonOf = (name: string) => {
  const parsed = parse(name);
  return parsed instanceof Refusal ? parsed.reason : parsed;
};

const component = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .filter((text) => !/[/\p{Cc}\ufffd]/u.test(text) && text !== '.' && text !== '..');

describe('a name', () => {
  it('is the same node under the name of the cell and under "local"', () => {
    expect(parse('/ls/home/a/b')).toBe('\x02/a/b');
    expect(parse('/ls/local/a/b')).toBe('\x02/a/b');
    expect(parse('/ls/home')).toBe(ROOT);
    expect(parse('/ls/local/')).toBe(ROOT);
  });

  it('comes back as the cell writes it', () => {
    fc.assert(
      fc.property(fc.array(component, { maxLength: 5 }), (components) => {
        const name = ['/ls/home', ...components].join('/');
        expect(nameOf(parse(name) as NodePath, 'home')).toBe(name);
      }),
    );
  });

  it.each([
    ['no prefix', '/home/a'],
    ['no cell', '/ls'],
    ['an empty cell', '/ls//a'],
    ['a relative name', 'ls/home/a'],
    ['an empty component', '/ls/home/a//b'],
    ['a component "."', '/ls/home/./b'],
    ['a component ".."', '/ls/home/a/..'],
    ['NUL', '/ls/home/a\0b'],
    ['a line break', '/ls/home/a\nb'],
    ['DEL', '/ls/home/a\x7f'],
    ['bytes that were not UTF-8', '/ls/home/a\ufffd'],
    ['half a surrogate pair', '/ls/home/a\ud83d'],
    ['two second halves', '/ls/home/\udc00\udc00'],
  ])('with %s is malformed', (_what, name) => {
    expect(reasonOf(name)).toBe('MALFORMED_NAME');
  });

  it('of another cell is refused as such', () => {
    expect(reasonOf('/ls/elsewhere/a')).toBe('WRONG_CELL');
  });

  it('may have 64 levels and 1,024 bytes, inclusive', () => {
    const levels = (count: number) => `/ls/home${'/a'.repeat(count)}`;
    expect(typeof parse(levels(64))).toBe('string');
    expect(reasonOf(levels(65))).toBe('LIMIT_NAME');
    const bytes = (count: number) => `/ls/home/${'ä'.repeat((count - 10) / 2)}b`;
    expect(Buffer.byteLength(bytes(1024))).toBe(1024);
    expect(typeof parse(bytes(1024))).toBe('string');
    expect(reasonOf(bytes(1026))).toBe('LIMIT_NAME');
    expect(reasonOf('/'.repeat(1_000_000))).toBe('LIMIT_NAME');
  });

  it('is quoted in a refusal without its control characters, and cut', () => {
    const refused = parse(`/ls/home/\x1b[2J${'x'.repeat(500)}`);
    expect((refused as Refusal).sentence).toMatch(
      /^the name "\/ls\/home\/\\u001b\[2Jx+\.\.\." has a control character$/,
    );
    expect((refused as Refusal).sentence.length).toBeLessThan(200);
  });
});

describe('a name below a directory', () => {
  const below = (directory: string, name: string) => parseNameBelow(parse(directory) as NodePath, name, 'home', LIMITS);
  const reasonBelow = (directory: string, name: string) => {
    const parsed = below(directory, name);
    return parsed instanceof Refusal ? parsed.reason : parsed;
  };

  it('is the same node as its whole name', () => {
    fc.assert(
      fc.property(
        fc.array(component, { maxLength: 3 }),
        fc.array(component, { minLength: 1, maxLength: 3 }),
        (directory, names) => {
          const whole = ['/ls/home', ...directory].join('/');
          expect(below(whole, names.join('/'))).toBe(parse([whole, ...names].join('/')));
        },
      ),
    );
    expect(below('/ls/home/a', 'b/')).toBe('\x02/a/b');
  });

  it.each([
    ['nothing', ''],
    ['a slash alone', '/'],
    ['a whole name', '/ls/home/a'],
    ['a way out', '../b'],
    ['a component ".."', 'b/../c'],
    ['an empty component', 'b//c'],
    ['NUL', 'b\0'],
    ['bytes that were not UTF-8', '\ufffd'],
  ])('is malformed when it is %s', (_what, name) => {
    expect(reasonBelow('/ls/home/a', name)).toBe('MALFORMED_NAME');
  });

  it('is bounded by what the whole name may have', () => {
    const levels = (count: number) => Array.from({ length: count }, () => 'a').join('/');
    expect(typeof below('/ls/home/a', levels(63))).toBe('string');
    expect(reasonBelow('/ls/home/a', levels(64))).toBe('LIMIT_NAME');
    expect(typeof below('/ls/local/a', 'b'.repeat(1_024 - '/ls/home/a/'.length))).toBe('string');
    expect(reasonBelow('/ls/local/a', 'b'.repeat(1_025 - '/ls/home/a/'.length))).toBe('LIMIT_NAME');
    expect(reasonBelow('/ls/home/a', 'b'.repeat(1_000_000))).toBe('LIMIT_NAME');
  });
});

describe('a node path', () => {
  it('leads to the directory and back', () => {
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 5 }), (components) => {
        const path = parse(['/ls/home', ...components].join('/')) as NodePath;
        const parent = parentPath(path)!;
        expect(levelsOf(path)).toBe(components.length);
        expect(childPath(parent, lastComponent(path))).toBe(path);
        expect(path.startsWith(childrenPrefix(parent))).toBe(true);
      }),
    );
    expect(parentPath(ROOT)).toBeUndefined();
  });

  it('orders siblings next to each other, whatever their children are called', () => {
    const paths = ['/ls/home/a', '/ls/home/a/z', '/ls/home/a!', '/ls/home/b', '/ls/home/a/y/x'].map(
      (name) => parse(name) as string,
    );
    expect(paths.sort()).toEqual(['\x01/a', '\x01/a!', '\x01/b', '\x02/a/z', '\x03/a/y/x']);
  });
});
