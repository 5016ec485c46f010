/**
 * The token claim that carries the person id, unless another name is configured. Plain, without a namespace, so that AppSync owner rules,
 * row-level security and mapping templates can use it.
 */
export const PERSON_CLAIM = 'person_id'
