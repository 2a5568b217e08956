/** Whether an absolute URL lies inside a FHIR base: same origin, and the base's path or something below it. */
export function isInsideBase(url: URL, base: URL): boolean {
  const prefix = withoutTrailingSlash(base.pathname);
  return (
    url.origin === base.origin &&
    url.username === '' &&
    url.password === '' &&
    // `..` and its encodings are resolved by the URL parser; an encoded slash is not, and servers disagree on it.
    !/%2f|%5c/i.test(url.pathname) &&
    (url.pathname === prefix || url.pathname.startsWith(`${prefix}/`))
  );
}

export function withoutTrailingSlash(text: string): string {
  return text.replace(/\/+$/, '');
}
