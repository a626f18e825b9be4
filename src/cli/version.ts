// The version, and what tells one build from another, put in by the build.

declare global {
  const KEEL_VERSION: string;
  const KEEL_BUILD: string;
}

export {};
