/** An error of the outside as the AWS SDK throws it: who catches it goes by its name. */
export function failure(name: string, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), fields, { name })
}
