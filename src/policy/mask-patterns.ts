/**
 * The built-in masks: data, each with what it follows. None proves what it finds (a check digit is beyond an automaton),
 * so some of what they hide is no secret. Patterns are those of pattern/regex.ts.
 */
export const MASK_PATTERNS = {
  /** ISO/IEC 7812: Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay, by their first digits. */
  'card-number': String.raw`\b(?:(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|35\d{2}|6011|6[25]\d{2})(?:[ -]?\d{4}){3}(?:[ -]?\d{3})?|3[47]\d{2}[ -]?\d{6}[ -]?\d{5}|3(?:0[0-5]|[68]\d)\d[ -]?\d{6}[ -]?\d{4})\b`,
  /** ISO 13616: country, two check digits, 11 to 30 letters and digits, in groups of four or without. */
  iban: String.raw`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2} ?[A-Z0-9]{3}(?:[A-Z0-9](?: ?[A-Z0-9]{1,4}){0,5})?\b`,
  /** RFC 5322 §3.4.1, the part of it that is in use. */
  email: String.raw`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`,
  /** IAM "unique identifiers": long-lived and temporary access keys. The secret key has no form of its own. */
  'aws-access-key': String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
  /** RFC 7515 §3.1: two JSON objects and a signature in base64url; `{"` is `eyJ`. */
  jwt: String.raw`\beyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*`,
  /** RFC 7468 (and OpenSSH's and PGP's likeness of it): from the first line on, also where the last is not shown. */
  'private-key': String.raw`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s*[A-Za-z-]+: [^\r\n]*)*(?:\s*(?:\d+[ \t:]+)?[A-Za-z0-9+/=]{20}[A-Za-z0-9+/=]*)*(?:\s*(?:\d+[ \t:]+)?[A-Za-z0-9+/=]*\s*(?:\d+[ \t:]+)?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)?`,
} as const satisfies Readonly<Record<string, string>>

export type BuiltInMask = keyof typeof MASK_PATTERNS
export const BUILT_IN_MASKS = Object.keys(MASK_PATTERNS) as readonly BuiltInMask[]
