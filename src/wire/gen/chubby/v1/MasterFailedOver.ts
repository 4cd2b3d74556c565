// Original file: proto/chubby/v1/chubby.proto


export interface MasterFailedOverFields {
}

export interface MasterFailedOver {
}
