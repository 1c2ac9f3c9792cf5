/** What is the same for each occurrence of a problem. */
export interface ProblemKind {
  status: number;
  /** Short and the same for each occurrence (RFC 9457, section 3.1.3). */
  title: string;
  /** What it means and what to do about it; docs/errors.md shows it. */
  explanation: string;
}

/** Explains every code of a 404. */
export const notFound =
  'It never existed, was deleted, or belongs to somebody else. These are not told apart.';
