// How alerts leave this computer: by e-mail and to an address of the settings, whether they arrive, and trying it.
import { h } from '../../kernel/dom.js';
import { computed, onDispose, signal } from '../../kernel/signal.js';
import { get, post } from '../../api/client.js';
import { can } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { t } from './words.js';

/** @typedef {import('../../types/api.js').WayState} Way */

const PATH = '/api/observability/messages';
const UNDER_WAY_MS = 2000;
const STILL_MS = 60_000;
/** How long a test is watched for. */
const TEST_MS = 20_000;

export function messages() {
  const ways = signal(/** @type {Way[] | null | undefined} */ (undefined));
  let timer = 0;
  let until = 0;
  async function read() {
    clearTimeout(timer);
    await get(PATH).then((answer) => (ways.value = answer.items), () => (ways.value ??= null));
    const moving = Date.now() < until || (ways.peek() ?? []).some((one) => one.under_way > 0);
    timer = window.setTimeout(() => void read(), moving ? UNDER_WAY_MS : STILL_MS);
  }
  void read();
  onDispose(() => clearTimeout(timer));
  async function test() {
    try {
      ways.value = (await post(`${PATH}/test`, null)).items;
      until = Date.now() + TEST_MS;
      toast({ text: t('messages_testing') });
      await read();
    } catch (error) {
      toast({ text: problemText(error) });
    }
  }
  const on = computed(() => (ways.value ?? []).some((one) => one.recipients > 0));
  return h('section', { class: 'card health-messages', 'aria-labelledby': 'health-messages' },
    h('div', { class: 'card-head' }, h('h2', { id: 'health-messages' }, () => t('messages')),
      can('manage_alerts') && button({ label: () => t('messages_test'), icon: 'mail', onClick: () => void test(), props: { hidden: () => !on.value } })),
    h('div', { class: 'health-capacity-body' },
      h('p', { hidden: () => on.value }, () => (ways.value === undefined ? t('loading') : ways.value === null ? t('messages_failed') : t('messages_off'))),
      h('div', { role: 'status', hidden: () => !on.value }, h('ul', { class: 'health-ways' }, () => (ways.value ?? []).filter((one) => one.recipients > 0).map(row)))));
}

/** @param {Way} way */
function row(way) {
  const bad = way.failed_at !== null && (way.sent_at === null || way.failed_at > way.sent_at);
  const parts = [
    t(`way_${way.channel}`, { count: way.recipients }),
    way.under_way ? t('way_under_way') : '',
    way.sent_at ? t('way_sent', { count: way.sent, ago: fmt.ago(way.sent_at) }) : t('way_none_sent'),
    way.failed_at ? t('way_failed', { count: way.failed, ago: fmt.ago(way.failed_at) }) : '',
  ];
  return h('li', null, icon(bad ? 'warning' : 'ok'), h('span', null, parts.filter(Boolean).join(' ')));
}
