// Original file: proto/chubby/peer/v1/peer.proto


/**
 * A replica that is in no configuration it knows asks to be made a member.
 */
export interface JoinRequestFields {
}

/**
 * A replica that is in no configuration it knows asks to be made a member.
 */
export interface JoinRequest {
}
