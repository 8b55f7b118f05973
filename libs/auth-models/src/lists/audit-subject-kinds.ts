/** The kinds of things that an audited act is done to. */
export const AUDIT_SUBJECT_KINDS = ['user', 'token', 'role', 'route', 'address', 'audit'] as const;

/** One of {@link AUDIT_SUBJECT_KINDS}. */
export type AuditSubjectKind = (typeof AUDIT_SUBJECT_KINDS)[number];
