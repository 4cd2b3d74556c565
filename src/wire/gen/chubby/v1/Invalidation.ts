// Original file: proto/chubby/v1/chubby.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What the session is to drop from its cache before it acknowledges the reply that brings this. One that names nothing
 * comes with MasterFailedOver: with its number the answers of earlier masters are too old to be cached.
 */
export interface InvalidationFields {
  /**
   * Grows by one with each Invalidation of the session under one master; begins above those of every earlier master.
   */
  'number'?: (number | string | Long);
  /**
   * Of these nodes contents, metadata and absence.
   */
  'nodes'?: (string)[];
  /**
   * Of these directories the listing.
   */
  'listings'?: (string)[];
}

/**
 * What the session is to drop from its cache before it acknowledges the reply that brings this. One that names nothing
 * comes with MasterFailedOver: with its number the answers of earlier masters are too old to be cached.
 */
export interface Invalidation {
  /**
   * Grows by one with each Invalidation of the session under one master; begins above those of every earlier master.
   */
  'number': (number);
  /**
   * Of these nodes contents, metadata and absence.
   */
  'nodes': (string)[];
  /**
   * Of these directories the listing.
   */
  'listings': (string)[];
}
