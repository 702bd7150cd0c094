// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Strings that have a shorter form than their characters (rule 10): UUIDs, times, base64, hexadecimal.

import { Buffer } from "node:buffer";

import * as cbor from "./cbor.mjs";
import { refuse } from "./cbor.mjs";

const LAST_SECOND = 253402300799; // of the year 9999
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BYTES_FORM_MIN = 12;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;

export function uuidOf(bytes) {
    if (bytes.length !== 16) {
        refuse("a byte string that is no UUID");
    }
    return Buffer.from(bytes).toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function secondsOf(item) {
    if (item.type !== "uint") {
        refuse("a time that is no unsigned integer");
    }
    return item.value;
}

function timeOf(seconds, fraction = "") {
    if (seconds > LAST_SECOND) {
        refuse("a time beyond the year 9999");
    }
    return new Date(seconds * 1000).toISOString().slice(0, 19) + fraction + "Z";
}

function fractionOf(item) {
    const [digits, whole] = item.type === "array" && item.value.length === 2 ? item.value : [];
    if (digits?.type !== "negative" || digits.value > 5) {
        refuse("a time with a fraction that is not one to six digits");
    }
    const places = digits.value + 1;
    const scaled = String(secondsOf(whole)).padStart(places + 1, "0");
    return timeOf(Number(scaled.slice(0, -places)), "." + scaled.slice(-places));
}

const bytesOf = (item) => item.type === "bytes" ? Buffer.from(item.value) : refuse("a tag over what is not bytes");

/** The string that a tagged item of kind S or I says. */
export function tagged({ tag, value }) {
    switch (tag) {
        case 1:
            return timeOf(secondsOf(value));
        case 4:
            return fractionOf(value);
        case 21:
            return bytesOf(value).toString("base64url");
        case 22:
            return bytesOf(value).toString("base64");
        case 23:
            return bytesOf(value).toString("hex");
        case 37:
            return uuidOf(bytesOf(value));
        default:
            return refuse(`tag ${tag} where it says no string`);
    }
}

export const uuidBytes = (string) => UUID.test(string) ? Buffer.from(string.replaceAll("-", ""), "hex") : undefined;

function timeForm(string) {
    const [, seconds, fraction] = TIME.exec(string) ?? [];
    const instant = seconds === undefined ? NaN : Date.parse(seconds + "Z") / 1000;
    if (!(instant >= 0) || timeOf(instant) !== seconds + "Z") {
        return undefined;
    }
    if (fraction === undefined) {
        return cbor.tag(1, cbor.uint(instant));
    }
    const scaled = BigInt(instant) * 10n ** BigInt(fraction.length) + BigInt(fraction);
    return scaled <= Number.MAX_SAFE_INTEGER
        ? cbor.tag(4, cbor.array([cbor.negative(fraction.length - 1), cbor.uint(Number(scaled))])) : undefined;
}

function bytesForm(number, string, encoding) {
    if (string.length < BYTES_FORM_MIN) {
        return undefined; // words look like base64 as well, and little is gained
    }
    const decoded = Buffer.from(string, encoding);
    return decoded.toString(encoding) === string ? cbor.tag(number, cbor.bytes(decoded)) : undefined;
}

/** The forms that are also character data as they stand (rule 15), the plain text first. */
export function dataForms(string) {
    const uuid = uuidBytes(string);
    return [cbor.text(string), uuid && cbor.bytes(uuid), timeForm(string), bytesForm(23, string, "hex"),
        bytesForm(21, string, "base64url"), bytesForm(22, string, "base64")].filter(Boolean);
}

/** The forms that are values only. */
export function valueForms(string) {
    if (string === "true" || string === "false") {
        return [string === "true" ? cbor.TRUE : cbor.FALSE];
    }
    const number = /^(?:0|[1-9]\d{0,15})$/.test(string) ? Number(string) : NaN;
    return Number.isSafeInteger(number) ? [cbor.uint(number)] : [];
}

/** The first of the shortest. */
export const shortest = (forms) => forms.reduce((best, form) => form.length < best.length ? form : best);
