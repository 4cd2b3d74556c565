// Original file: proto/chubby/v1/chubby.proto


export interface GetMasterRequestFields {
}

export interface GetMasterRequest {
}
