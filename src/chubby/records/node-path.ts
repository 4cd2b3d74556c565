/**
 * A node's place as its keys hold it: one character whose code is the number of components, then `/a/b` in UTF-8 as a
 * latin1 string; the root is '\0'. So siblings are neighbours, and a listing is one range ([CH] 2.10: keys compare
 * by the number of components first). Made by chubby/names from what a client sends, and by nothing else.
 */
export type NodePath = string & { readonly __brand: 'NodePath' };

export const ROOT = '\0' as NodePath;

export const levelsOf = (path: NodePath): number => path.charCodeAt(0);

/** @param component in UTF-8 as a latin1 string, known to be a proper component */
export const childPath = (parent: NodePath, component: string): NodePath =>
  `${String.fromCharCode(levelsOf(parent) + 1)}${parent.slice(1)}/${component}` as NodePath;

/** The directory that holds the node; nothing for the root. */
export const parentPath = (path: NodePath): NodePath | undefined =>
  path === ROOT
    ? undefined
    : (`${String.fromCharCode(levelsOf(path) - 1)}${path.slice(1, path.lastIndexOf('/'))}` as NodePath);

/** What all children of a directory begin with, and nothing else does. */
export const childrenPrefix = (directory: NodePath): string => childPath(directory, '');

/** The last component, in UTF-8 as a latin1 string; empty for the root. */
export const lastComponent = (path: NodePath): string => path.slice(path.lastIndexOf('/') + 1);

/** The part of a whole name below the cell's: `/a/b`; empty for the root. */
export const belowCell = (path: NodePath): string => Buffer.from(path.slice(1), 'latin1').toString('utf8');

/** A whole name for people, in the cell that answers, whatever it is called: `/ls/local/a/b`. */
export const showPath = (path: NodePath): string => `/ls/local${belowCell(path)}`;
