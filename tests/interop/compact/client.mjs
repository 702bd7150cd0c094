// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// A small client on the compact wire: it logs in with SASL2 and Bind 2 where the server has them, else as RFC 6120 says,
// has its stanzas acknowledged, and resumes in one round trip (rule 19).

import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";

import { CLIENT, MANAGEMENT, child, element, isElement, textOf, toXml } from "./element.mjs";
import { HashedToken, Plain, Scram } from "./sasl.mjs";
import { Socket } from "./socket.mjs";

const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const SASL2 = "urn:xmpp:sasl:2";
const BIND = "urn:ietf:params:xml:ns:xmpp-bind";
const BIND2 = "urn:xmpp:bind:0";
const FAST = "urn:xmpp:fast:0";
const STREAMS = "http://etherx.jabber.org/streams";
const ACKS = 2 ** 32;
const STANZAS = new Set(["message", "presence", "iq"]);

export const isStanza = ({ ns, name }) => ns === CLIENT && STANZAS.has(name);
const is = (node, ns, name) => node?.ns === ns && node.name === name;
const data = (node) => Buffer.from(node === undefined ? "" : textOf(node), "base64");
const texts = (node, ns, name) => node.children.filter((one) => isElement(one) && is(one, ns, name)).map(textOf);

export class Client {
    constructor({ url, jid, password, tables }) {
        [, this.user, this.domain] = /^([^@/]+)@([^/]+)$/.exec(jid);
        Object.assign(this, { url, password, tables });
        this.agent = randomUUID();
        this.unacked = []; // stanzas, oldest first
        this.acked = 0; // h that the server said last
        this.handled = 0; // h of what was read
        this.stanzas = []; // read, for whoever awaits them
        this.counting = false;
    }

    async connect() {
        this.socket = new Socket(this.url, { tables: this.tables });
        await this.socket.connect();
    }

    get encoder() {
        return this.socket.encoder;
    }

    open() {
        this.encoder.open({ to: this.domain, version: "1.0", lang: "en" });
    }

    /** The next element that is no stanza; acks and stanzas on the way are taken. */
    async nonza(what) {
        for (;;) {
            const frame = await this.socket.next(what);
            if (frame.kind === "element" && !isStanza(frame.element)) {
                if (is(frame.element, STREAMS, "error")) {
                    throw new Error(`stream error: ${toXml(frame.element)}`);
                }
                return frame.element;
            }
            this.take(frame);
        }
    }

    async features() {
        const features = await this.nonza("features");
        if (!is(features, STREAMS, "features")) {
            throw new Error(`no features: ${toXml(features)}`);
        }
        return features;
    }

    async logIn() {
        await this.connect();
        this.open();
        this.socket.flush();
        const features = await this.features();
        const authentication = child(features, SASL2, "authentication");
        await (authentication ? this.logIn2(authentication) : this.logIn1(features));
        return this;
    }

    mechanism(offered) {
        const Chosen = [Scram, Plain].find(({ name }) => offered.includes(name));
        if (!Chosen) {
            throw new Error(`no mechanism of ${offered}`);
        }
        return new Chosen(this.user, this.password);
    }

    userAgent() {
        return element(SASL2, "user-agent", { id: this.agent }, [element(SASL2, "software", {}, ["interop"])]);
    }

    bindRequest() {
        return element(BIND2, "bind", {}, [element(BIND2, "tag", {}, ["interop"]),
            element(MANAGEMENT, "enable", { resume: "true" })]);
    }

    /** SASL2 with Bind 2 and acks inside. */
    async logIn2(authentication) {
        const mechanism = this.mechanism(texts(authentication, SASL2, "mechanism"));
        const inline = child(authentication, SASL2, "inline");
        const fast = inline && child(inline, FAST, "fast");
        const wishes = fast && texts(fast, FAST, "mechanism").includes(HashedToken.name)
            ? [element(FAST, "request-token", { mechanism: HashedToken.name })] : [];
        this.authenticate2(mechanism, [...wishes, this.bindRequest()]);
        this.socket.flush();
        this.begin(await this.succeed(SASL2, mechanism));
    }

    authenticate2(mechanism, children) {
        this.sasl2 = true;
        this.encoder.write(element(SASL2, "authenticate", { mechanism: mechanism.constructor.name }, [
            element(SASL2, "initial-response", {}, [mechanism.initial().toString("base64")]), this.userAgent(), ...children]));
    }

    /** Answers challenges until there is a success, which is given. */
    async succeed(ns, mechanism) {
        for (;;) {
            const answer = await this.nonza("an answer of SASL");
            if (is(answer, STREAMS, "features")) {
                continue;
            }
            if (is(answer, ns, "challenge")) {
                const response = mechanism.respond(data(answer)).toString("base64");
                this.encoder.write(element(ns, "response", {}, [response]));
                this.socket.flush();
            } else if (is(answer, ns, "success")) {
                mechanism.verify(data(ns === SASL ? answer : child(answer, SASL2, "additional-data")));
                return answer;
            } else {
                throw new Error(`not logged in: ${toXml(answer)}`);
            }
        }
    }

    /** What a success of SASL2 says about the session that begins or goes on. */
    begin(success) {
        const token = child(success, FAST, "token")?.attrs.get("token");
        this.token = token ?? this.token;
        const resumed = child(success, MANAGEMENT, "resumed");
        const bound = child(success, BIND2, "bound");
        if (resumed) {
            this.resumed(resumed);
        } else if (bound) {
            this.jid = textOf(child(success, SASL2, "authorization-identifier"));
            this.enabled(child(bound, MANAGEMENT, "enabled"));
        } else {
            throw new Error(`neither resumed nor bound: ${toXml(success)}`);
        }
    }

    /** RFC 6120: SASL, a stream that begins anew, binding; XEP-0198. */
    async logIn1(features) {
        const mechanism = this.mechanism(texts(child(features, SASL, "mechanisms"), SASL, "mechanism"));
        this.authenticate1(mechanism);
        this.socket.flush();
        await this.succeed(SASL, mechanism);
        this.open();
        this.encoder.write(element(CLIENT, "iq", { type: "set", id: "bind" }, [element(BIND, "bind")]));
        this.encoder.write(element(MANAGEMENT, "enable", { resume: "true" }));
        this.socket.flush();
        await this.features();
        const enabled = await this.nonza("enabled");
        this.jid = textOf(child(child(this.stanzas.shift(), BIND, "bind"), BIND, "jid"));
        this.enabled(enabled);
    }

    authenticate1(mechanism) {
        this.sasl2 = false;
        this.encoder.write(element(SASL, "auth", { mechanism: mechanism.constructor.name },
            [mechanism.initial().toString("base64")]));
    }

    enabled(node) {
        if (!is(node, MANAGEMENT, "enabled") || node.attrs.get("resume") !== "true") {
            throw new Error(`acks are not enabled: ${node && toXml(node)}`);
        }
        this.session = node.attrs.get("id");
        this.counting = true;
        this.acked = this.handled = 0;
        const again = this.unacked.splice(0);
        again.forEach((stanza) => this.write(stanza));
        this.flushWritten(again.length);
    }

    /** Everything of rule 19 in one message. Of the mechanisms, those with one step are used. */
    async resume() {
        await this.connect();
        this.counting = false;
        this.open();
        const mechanism = this.sasl2 && this.token ? new HashedToken(this.user, this.token) : new Plain(this.user, this.password);
        const resume = element(MANAGEMENT, "resume", { h: String(this.handled), previd: this.session });
        if (this.sasl2) {
            const fast = mechanism instanceof HashedToken ? [element(FAST, "fast")] : [];
            this.authenticate2(mechanism, [...fast, resume, this.bindRequest()]);
            this.socket.flush();
            this.begin(await this.succeed(SASL2, mechanism));
        } else {
            this.authenticate1(mechanism);
            this.open();
            this.encoder.write(resume);
            this.socket.flush();
            await this.succeed(SASL, mechanism);
            await this.features();
            this.resumed(await this.nonza("resumed"));
        }
        return this;
    }

    resumed(node) {
        if (!is(node, MANAGEMENT, "resumed") || node.attrs.get("previd") !== this.session) {
            throw new Error(`not resumed: ${toXml(node)}`);
        }
        this.counting = true;
        this.acknowledged(Number(node.attrs.get("h")));
        const again = this.unacked.slice();
        again.forEach((stanza) => this.encoder.write(stanza));
        this.flushWritten(again.length);
    }

    flushWritten(count) {
        if (count > 0) {
            this.encoder.request();
            this.socket.flush();
        }
    }

    write(stanza) {
        this.unacked.push(stanza);
        this.encoder.write(stanza);
    }

    /** Sends stanzas in one message, with what has to be acknowledged meanwhile and a request behind them. */
    send(...stanzas) {
        stanzas.forEach((stanza) => this.write(stanza));
        this.encoder.request();
        this.socket.flush();
    }

    acknowledged(h) {
        const count = (h - this.acked + ACKS) % ACKS;
        if (count > this.unacked.length) {
            throw new Error(`the server acknowledged ${h}, which is ${count - this.unacked.length} too many`);
        }
        this.unacked.splice(0, count);
        this.acked = h;
    }

    take(frame) {
        if (frame.kind === "element" && isStanza(frame.element)) {
            this.handled += this.counting ? 1 : 0;
            this.stanzas.push(frame.element);
        } else if (frame.kind === "ack") {
            this.acknowledged(frame.h);
        } else if (frame.kind === "request") {
            this.encoder.ack(this.handled % ACKS);
            this.socket.flush();
        } else if (frame.kind === "element" && !is(frame.element, STREAMS, "features")) {
            throw new Error(`not expected: ${toXml(frame.element)}`);
        }
        return frame;
    }

    /** The next stanza for which the condition holds; those before it are dropped. */
    async stanza(condition = () => true, what = "a stanza") {
        for (;;) {
            while (this.stanzas.length > 0) {
                const stanza = this.stanzas.shift();
                if (condition(stanza)) {
                    return stanza;
                }
            }
            this.take(await this.socket.next(what));
        }
    }

    /** Until the server has acknowledged everything. */
    async settled() {
        while (this.unacked.length > 0) {
            this.take(await this.socket.next("an ack"));
        }
    }

    /** Breaks the connection without ending the stream. */
    async tear() {
        this.socket.socket.close();
        await this.socket.ended();
    }

    /** Ends the stream from this side and waits for the other's and for the end of the WebSocket. */
    async close() {
        this.encoder.close();
        this.socket.flush();
        while (this.take(await this.socket.next("the close frame")).kind !== "close") {
            // what came before the end is taken
        }
        return this.socket.ended();
    }
}
