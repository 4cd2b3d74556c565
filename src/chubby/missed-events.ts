import type { ReadView } from '../db/read-view.js';
import { wants } from './event-kinds.js';
import type { EventKind } from './event-kinds.js';
import type { Handle } from './handle.js';
import { childrenOf, pathOfNodeKey } from './records/keys.js';
import { decodeNode } from './records/node.js';
import type { NodeRecord } from './records/node.js';
import type { NodePath } from './records/node-path.js';

/** What happened while nobody could tell, as far as the state still shows it. */
export interface MissedEvent {
  readonly kind: EventKind;
  readonly path: NodePath;
  readonly revision: number;
}

/** How many nodes may still be looked at. */
export interface Looks {
  left: number;
}

/**
 * What a handle's session must be told of a state, in the order of the revisions, if it knows an earlier one: one event
 * for each node that changed since, intermediate steps merged. Which children went is not stored, but when the last one
 * did; so their removals are one event with the directory's own name. (DESIGN 5, Events)
 *
 * @param node that the handle is bound to, in this state
 * @param seenRevision of the newest event or Stat that the session has handled
 * @returns nothing where there is too much to look at
 */
export function missedEvents(
  view: ReadView,
  handle: Handle,
  node: NodeRecord,
  seenRevision: number,
  looks: Looks,
): MissedEvent[] | undefined {
  const missed: MissedEvent[] = [];
  const tell = (kind: EventKind, path: NodePath, revision: number): void => {
    if (revision > seenRevision && wants(handle.events, kind)) missed.push({ kind, path, revision });
  };
  if (node.kind === 'file') tell('contentsModified', handle.path, node.revision);
  else if (followsChildren(handle)) {
    tell('childRemoved', handle.path, node.removalRevision);
    const directories = [handle.path];
    for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
      const { from, to } = childrenOf(directory);
      for (const { key, value } of view.range(from, to)) {
        if (--looks.left < 0) return undefined;
        const path = pathOfNodeKey(key);
        const child = decodeNode(value);
        tellOfChild(child, path, handle, seenRevision, tell);
        if (handle.recursive && child.kind === 'directory') directories.push(path);
      }
    }
  }
  return missed.sort((a, b) => a.revision - b.revision);
}

const followsChildren = ({ events }: Handle): boolean =>
  wants(events, 'childAdded') || wants(events, 'childRemoved') || wants(events, 'childModified');

function tellOfChild(
  child: NodeRecord,
  path: NodePath,
  { events, recursive }: Handle,
  seenRevision: number,
  tell: (kind: EventKind, path: NodePath, revision: number) => void,
): void {
  const { kind, instanceNumber, revision, removalRevision } = child;
  const isNew = instanceNumber > seenRevision && wants(events, 'childAdded');
  if (isNew) tell('childAdded', path, kind === 'file' ? revision : instanceNumber);
  else if (kind === 'file' && revision > instanceNumber) tell('childModified', path, revision);
  if (recursive && kind === 'directory' && removalRevision > instanceNumber)
    tell('childRemoved', path, removalRevision);
}
