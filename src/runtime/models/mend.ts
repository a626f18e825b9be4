// What was done to a reply before it fitted, in the words that the journal keeps and `keel show` prints.

export type Mend =
  /** A model's thoughts, a fence, or words around the answer were left out. */
  | "thoughts"
  | "fence"
  | "prose"
  /** The text was almost JSON: commas, quotes, comments, `None`. */
  | "syntax"
  /** The answer stood in an envelope (`{"result": …}`, a call of a tool), in a list of one, or as JSON in a text. */
  | "envelope"
  | "list of one"
  | "quoted JSON"
  /** A key was written in another way; one that nobody asked for was left out; one that may be null was not there. */
  | "key names"
  | "extra keys"
  | "missing keys"
  /** A number or a truth value was written as a text. */
  | "quoted value"
  /** A variant was written in another way, or a sentence named it. */
  | "spelling"
  | "sentence";
