// The version, put in by the build.

declare global {
  const KEEL_VERSION: string;
}

export {};
