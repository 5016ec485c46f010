/**
 * Cognito's answer to the sign-in whose trigger has linked the identity: the link exists, and the next try succeeds
 * (aws-amplify/amplify-flutter#1716).
 */
export function isFirstLinkError(text: string): boolean {
  return /already found an entry for username/i.test(text.replaceAll(/\+|%20/g, ' '))
}

/** Apple refuses authorisations that follow each other at a machine's pace, for hours, so a person has to ask for the second one. */
export const wantsClick = (provider: string): boolean => /apple/i.test(provider)
