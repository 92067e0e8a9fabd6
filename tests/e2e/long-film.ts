/** A film as long as a story needs it, out of two seconds: its packets again and again, not one frame coded anew. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  BufferSource,
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Output,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny';
import type { EncodedPacket, InputVideoTrack } from 'mediabunny';

const SECONDS = 2;

const packetsOf = async (track: InputVideoTrack): Promise<EncodedPacket[]> => {
  const packets: EncodedPacket[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  return packets;
};

/** SHA-256 of every frame of a film, one after the other. */
export const framesOf = async (bytes: Buffer): Promise<string> => {
  const input = new Input({ source: new BufferSource(bytes), formats: [WEBM] });
  const track = await input.getPrimaryVideoTrack();
  const hash = createHash('sha256');
  for (const { data } of track ? await packetsOf(track) : []) hash.update(data);
  return hash.digest('hex');
};

/** `times` two seconds, 62 kB each. */
export const makeLongFilm = async (times: number): Promise<Buffer> => {
  const bytes = await readFile(fileURLToPath(new URL('files/harbour.webm', import.meta.url)));
  const input = new Input({ source: new BufferSource(bytes), formats: [WEBM] });
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error('the film has no pictures');
  const packets = await packetsOf(track);
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new EncodedVideoPacketSource('vp8');
  output.addVideoTrack(source);
  await output.start();
  for (let time = 0; time < times; time++)
    for (const packet of packets)
      await source.add(packet.clone({ timestamp: packet.timestamp + time * SECONDS }), {
        decoderConfig: config,
      });
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
};
