/** The conversation's shadow of the log: lines, reactions, deletions, deliveries, reading, drafts (NIP-10, 25, 09, 29). */
import { parseShunned, SHUNNED } from '#client/lists/shunned/table.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import { asTalkEvent, isTalk } from '#protocol/direct/rumors.ts';
import { GIFT_WRAP } from '#protocol/kinds.ts';
import type { Projection } from '#client/store/projection.ts';
import type { RowWriter } from '#client/store/table.ts';
import { pins, projectPlacePins, projectTalkPins } from './pins/pin-rows.ts';
import { dropVote, ownVotes, pollVotes, projectPlaceVote, projectTalkVote } from './polls/vote-rows.ts';
import { projectAccepted, projectDiscarded, projectRejected, projectSigned } from './rows/answers.ts';
import { clearConversation, restoreConversation } from './rows/clearing.ts';
import { projectDeletion, projectEnd } from './rows/deletions.ts';
import { projectPublicEdit } from './rows/edits.ts';
import { projectLine, projectReaction } from './rows/lines.ts';
import { projectOpened, projectSent } from './rows/private.ts';
import { receipts } from './rows/receipts.ts';
import { searchableLines } from './rows/searchable.ts';
import { conversations, deletions, lines, outgoing, reactions, replies, selves } from './rows/tables.ts';
import { stayByChoice } from './rows/staying.ts';
import { becomeSelf, keepDraft, readUpTo, shun, shunnedLines } from './rows/tally.ts';
import { edits } from './rows/wording.ts';

const project = async (rows: RowWriter, event: LocalEvent): Promise<void> => {
  switch (event.type) {
    case 'RelayEventSeen':
      await projectPlacePins(rows, event.event);
      await projectPlaceVote(rows, event.event);
      if (await projectLine(rows, event.event, event.relay)) return;
      if (await projectReaction(rows, event.event, event.relay)) return;
      if (await projectPublicEdit(rows, event.event, event.relay)) return;
      return void (await projectDeletion(rows, event.event, event.relay));
    case 'EventSigned':
      // A wrap is signed by a key that nobody is.
      if (event.event.kind === GIFT_WRAP) return;
      await becomeSelf(rows, event.event.pubkey);
      await projectPlaceVote(rows, event.event, true);
      return projectSigned(rows, event.event);
    case 'RumorSent':
      await becomeSelf(rows, event.rumor.pubkey);
      await projectTalkPins(rows, asTalkEvent(event.rumor, event.rumor.pubkey));
      await projectTalkVote(rows, asTalkEvent(event.rumor, event.rumor.pubkey));
      return projectSent(rows, event);
    case 'WrapOpened':
      await projectTalkPins(rows, asTalkEvent(event.rumor, event.to));
      await projectTalkVote(rows, asTalkEvent(event.rumor, event.to));
      return projectOpened(rows, event);
    case 'EventAccepted':
      return projectAccepted(rows, event.id, event.relay);
    case 'EventRejected':
      return projectRejected(rows, event.id, event.reason);
    case 'EventDiscarded':
      await dropVote(rows, event.id);
      return projectDiscarded(rows, event.id);
    case 'EventExpired':
      return projectEnd(rows, [event.id], 'expired');
    case 'EventsPurged':
      return projectEnd(rows, event.ids, 'purged');
    case 'LineHidden':
      return projectEnd(rows, [event.line], 'hidden');
    case 'ConversationCleared':
      return clearConversation(rows, event.conversation, event.upTo);
    case 'ConversationRestored':
      return restoreConversation(rows, event.conversation);
    case 'LinesStay':
      // How long a private talk's lines stay, all of it decide.
      return isTalk(event.conversation) ? undefined : stayByChoice(rows, event.conversation, event.after);
    case 'ConversationRead':
      return readUpTo(rows, event.conversation, event.upTo);
    case 'DraftKept':
      return keepDraft(rows, event.conversation, event.text);
    case 'SettingChanged': {
      const shunned = event.name === SHUNNED ? parseShunned(event.value) : undefined;
      return shunned && shun(rows, shunned);
    }
    default:
      return;
  }
};

/** Everything a conversation shows, in any order of arrival. */
export const chatProjection: Projection = {
  name: 'chat',
  version: 12,
  tables: [
    lines,
    reactions,
    conversations,
    replies,
    deletions,
    edits,
    receipts,
    outgoing,
    selves,
    shunnedLines,
    pins,
    pollVotes,
    ownVotes,
  ],
  searchable: [searchableLines],
  project,
};
