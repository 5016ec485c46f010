import type { Persona } from './personas.ts'

/**
 * Everything a provider may say that a careful application must survive, as personas to sign in with. `victim` is the
 * address of somebody else, and `neighbour` the subject of another identity at the same provider.
 */
export function hostilePersonas(victim = 'ada@example.com', neighbour = '1099'): readonly Persona[] {
  const other = 'mallory@example.com'
  const [local = '', domain = ''] = victim.split('@')
  return [
    { id: 'unverified-email', sub: '6661', email: victim, email_verified: false },
    { id: 'email-without-word', sub: '6662', email: victim },
    { id: 'verified-as-text', sub: '6663', email: victim, email_verified: 'false' },
    {
      id: 'changing-email',
      sub: '6664',
      email: other,
      email_verified: true,
      changes: [{ email: other }, { email: victim, email_verified: false }],
    },
    { id: 'changing-subject-case', sub: 'MaLLory', email: other, changes: [{ sub: 'MaLLory' }, { sub: 'mallory' }] },
    // The ID token and userInfo give two different addresses.
    {
      id: 'duplicate-claims',
      sub: '6665',
      email: other,
      email_verified: true,
      idToken: { email: victim, email_verified: false },
    },
    { id: 'several-emails', sub: '6666', email: [other, victim], email_verified: true },
    { id: 'provider-like-subject', sub: `Google_${neighbour}`, email: other, email_verified: true },
    { id: 'underscored-subject', sub: 'Evil_Google_1_', email: other, email_verified: true },
    { id: 'email-in-other-case', sub: '6667', email: `${local.toUpperCase()}@${domain}`, email_verified: true },
    { id: 'subject-is-an-address', sub: victim, email: other, email_verified: true },
    { id: 'quoted-email', sub: '6668', email: `"${local}" or sub ^= ""@${domain}`, email_verified: true },
    { id: 'other-apps-token', sub: neighbour, email: victim, email_verified: true, idToken: { aud: 'another-app' } },
    { id: 'replayed-token', sub: neighbour, email: victim, email_verified: true, idToken: { nonce: 'of-yesterday' } },
    { id: 'no-email', sub: '6669' },
  ]
}
