// Texts of others on a terminal: a mail's subject or a model's words may hold what steers it.

/**
 * Control characters as visible signs. Signs that turn the direction of writing count too: with them a text can look like
 * another one.
 */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text
    .replace(/\r\n/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (sign) => {
      const code = sign.charCodeAt(0);
      return code < 32 ? String.fromCharCode(0x2400 + code) : "\u2421";
    });
}
