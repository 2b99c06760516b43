import { expect, test } from "vitest";
import { isGenericName, resolveIdentity, shortHostname } from "./resolve.ts";
import { formatSoul, mintNamelessSoul, mintSoul } from "./soul.ts";

const fingerprint = new Uint8Array(32).fill(1);
const nowhere = { name: "", soulText: "", hostname: "localhost", fingerprint };

test("a browser's first nara is named after its soul", () => {
  const born = resolveIdentity(nowhere);
  expect(born.name).toMatch(/^[a-z]+-[a-z]+-\d{3}$/);
  expect(born).toMatchObject({ bondValid: true, native: true });
  expect(born.soul).toEqual(mintNamelessSoul(fingerprint));
});

test("a host name is cut at its first dot, a name that was asked for is not", () => {
  const hostname = shortHostname("kiln.example.org");
  expect(resolveIdentity({ ...nowhere, hostname }).name).toBe("kiln");
  expect(shortHostname("kiln")).toBe("kiln");
  expect(resolveIdentity({ ...nowhere, name: "kiln.example" }).name).toBe("kiln.example");
});

test("without any name the soul is bonded to nothing", () => {
  const made = resolveIdentity({ ...nowhere, hostname: "" });
  expect(made).toMatchObject({ name: "", bondValid: false, native: true });
});

test("a nameless soul keeps its name and its bond wherever it travels", () => {
  const home = resolveIdentity(nowhere);
  const abroad = resolveIdentity({
    ...nowhere,
    soulText: home.soulText,
    fingerprint: new Uint8Array(32).fill(2),
  });
  expect(abroad).toEqual({ ...home, native: false });
});

test("another nara's soul under my name keeps the name and breaks the bond", () => {
  const soulText = formatSoul(mintSoul(fingerprint, "alice"));
  const made = resolveIdentity({ ...nowhere, name: "bob", soulText });
  expect(made).toMatchObject({ name: "bob", soulText, bondValid: false, native: false });
});

test("a soul that cannot be read makes a nara without an id", () => {
  const made = resolveIdentity({ ...nowhere, name: "bob", soulText: "nonsense!" });
  expect(made).toMatchObject({ name: "bob", id: "", bondValid: false, native: false });
  expect(made.soul.seed).toEqual(new Uint8Array(32));
});

test.each([
  ["my-NixOS-box", true],
  ["0123456789ab", true],
  ["0123456789AB", true],
  ["0123456789a", false],
  ["0123456789ab\n", false],
  ["deb\u0130an", true],
  ["macbook", false],
  ["", false],
])("is %j generic? %j", (name, generic) => {
  expect(isGenericName(name)).toBe(generic);
});
