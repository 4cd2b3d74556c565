import type { Asker } from '../chubby/access.js';
import { readDir } from '../chubby/calls/read-dir.js';
import type { Listing } from '../chubby/calls/read-dir.js';
import type { Changed, ReadView } from '../chubby/cell.js';
import { sameReign } from '../chubby/handle.js';
import { ListingsUnderWay } from '../chubby/listings.js';
import { Refusal } from '../chubby/refusal.js';
import { pathOf } from '../chubby/target.js';
import type { Target } from '../chubby/target.js';
import { showPath } from '../chubby/records/node-path.js';
import type { NodePath } from '../chubby/records/node-path.js';
import { assert } from '../common/assert.js';
import { refusal } from '../wire/errors.js';
import { sealPageToken, unsealPageToken } from '../wire/page-token.js';
import type { Failure, ReadDirRequest } from '../wire/types.js';
import type { Reply } from './call.js';
import type { Reign } from './reign.js';
import { asBuffer, listingMessage, refused } from './replies.js';
import { isFailure } from './targets.js';

const FROM_THE_START = '';
const NO_TOKEN = Buffer.alloc(0);

/** Directories a page at a time, all pages of one state: a token is good for as long as nothing in them changed. */
export class Listings {
  readonly #reign: Reign;
  readonly #underWay: ListingsUnderWay;

  constructor(reign: Reign) {
    this.#reign = reign;
    this.#underWay = new ListingsUnderWay(reign.around.limits.listingsUnderWay);
  }

  /** @param view of the applied state */
  read(view: ReadView, asker: Asker, { pageToken, limit }: ReadDirRequest, target: Target): Reply {
    const { limits } = this.#reign.around;
    const directory = pathOf(target);
    const after = pageToken.length === 0 ? FROM_THE_START : this.#placeOf(pageToken, directory);
    if (isFailure(after)) return { failure: after };
    const listing = readDir(view, asker, limits, target, after, limit);
    if (listing instanceof Refusal) return refused(listing);
    return { response: listingMessage(listing, this.#nextToken(listing, directory)) };
  }

  /** Values of this reign were applied. */
  applied(changed: readonly Changed[]): void {
    for (const { changes } of changed) this.#underWay.changed(changes);
  }

  /** Behind which child the listing goes on. */
  #placeOf(bytes: Uint8Array, directory: NodePath): string | Failure {
    const { handleBytes } = this.#reign.around.limits;
    const token = bytes.length > handleBytes ? undefined : unsealPageToken(bytes, directory, this.#secret());
    if (token === undefined) {
      return refusal('MALFORMED_REQUEST', 'page_token: these bytes are no token of this directory');
    }
    if (sameReign(token.epoch, this.#reign.epoch) && this.#underWay.isUnchanged(directory, token.serial)) {
      return token.after;
    }
    return refusal('LISTING_CHANGED', `${showPath(directory)} is not known to be as it was for the page before`);
  }

  #nextToken({ children, more }: Listing, directory: NodePath): Buffer {
    const last = children.at(-1);
    if (!more || last === undefined) return NO_TOKEN;
    const { round, replicaId } = this.#reign.epoch;
    const token = {
      epoch: { round, replicaId },
      serial: this.#underWay.note(directory),
      after: Buffer.from(last.name, 'utf8').toString('latin1'),
    };
    return asBuffer(sealPageToken(token, directory, this.#secret()));
  }

  #secret(): Uint8Array {
    const { cell, secrets } = this.#reign.around;
    const secret = secrets.handleSecret(cell.applied);
    assert(secret !== undefined, 'a serving cell has its secrets');
    return secret;
  }
}
