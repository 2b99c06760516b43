/** MQTT through mqtt.js on a stream of Node. */
import type { Duplex } from "node:stream";
import { MqttClient } from "mqtt";
import {
  connectTimeoutMs,
  keepAliveS,
  type MqttListener,
  type MqttLogin,
  type MqttSession,
} from "./mqtt-plaza.ts";

export function openMqttJsSession(
  stream: Duplex,
  login: MqttLogin,
  listener: MqttListener,
): MqttSession {
  const client = new MqttClient(() => stream, {
    clientId: login.clientId,
    protocolVersion: 4,
    clean: true,
    keepalive: keepAliveS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: connectTimeoutMs,
    timerVariant: "native",
    ...(login.user === undefined ? {} : { username: login.user }),
    ...(login.password === undefined ? {} : { password: login.password }),
  });
  client.on("connect", listener.onOpen);
  client.on("message", (topic, payload, { retain }) => {
    listener.onFrame({ topic, payload: Uint8Array.from(payload), retained: retain });
  });
  client.on("error", (error) => {
    listener.onFault(error);
    client.end(true);
  });
  client.on("close", listener.onClosed);

  return {
    subscribe: (filter) =>
      new Promise((resolve) => {
        client.subscribe(filter, { qos: 0 }, (error, granted) => {
          resolve(error == null && granted?.[0] !== undefined && granted[0].qos < 128);
        });
      }),
    publish: (topic, payload, qos) => {
      if (!client.connected) return false;
      client.publish(topic, Buffer.from(payload), { qos, retain: false }, () => {});
      return true;
    },
    leave: () => {
      client.end();
    },
    drop: () => {
      client.end(true);
      client.stream.destroy();
    },
  };
}
