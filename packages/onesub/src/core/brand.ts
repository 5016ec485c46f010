declare const brand: unique symbol

/** A string that only its parser or its source can make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
