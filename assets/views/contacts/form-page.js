// The page of the form: /contacts/new and /contacts/12/edit.
import { h } from '../../kernel/dom.js';
import { onDispose, scope, signal } from '../../kernel/signal.js';
import { ApiError, get } from '../../api/client.js';
import { can } from '../../api/session.js';
import { button, linkButton } from '../../ui/button.js';
import { empty } from '../../ui/empty.js';
import { skeleton } from '../../ui/skeleton.js';
import { toast } from '../../ui/toast.js';
import { backHeader } from './back.js';
import { contactForm } from './contact-form.js';
import { t } from './person-words.js';

/** @typedef {import('../../router.js').Context} Context */

/** @param {Context} ctx @returns {import('../../router.js').View} */
export function newPage(ctx) {
  if (!can('edit_contacts')) return { node: refused(), title: () => t('form_new') };
  const start = Object.fromEntries(['name', 'phone', 'email', 'cpf'].flatMap((key) => (ctx.query.peek().get(key) ? [[key, ctx.query.peek().get(key)]] : [])));
  const form = contactForm({
    start, onCancel: () => void ctx.navigate('/contacts'),
    onSaved: (contact) => {
      toast({ text: t('created', { name: contact.display_name ?? contact.name }) });
      void ctx.navigate(`/contacts/${contact.id}`, { replace: true });
    },
  });
  const title = () => t('form_new');
  return { node: h('div', { class: 'page form-page' }, form), title, header: backHeader({ title }) };
}

/** @param {Context} ctx @returns {import('../../router.js').View} */
export function editPage(ctx) {
  const id = Number(ctx.params.id);
  if (!can('edit_contacts')) return { node: refused(), title: () => t('edit_person') };
  const name = signal('');
  const shown = signal(/** @type {Node} */ (skeleton({ lines: 10 })));
  const home = `/contacts/${id}`;
  let alive = true;
  let dispose = () => {};
  onDispose(() => {
    alive = false;
    dispose();
  });
  async function load() {
    try {
      const contact = await get(`/api/contacts/${id}`);
      if (!alive) return;
      name.value = contact.display_name;
      // After the wait there is no owner: the form gets a scope of its own.
      const made = scope(() => contactForm({
        contact, onCancel: () => void ctx.navigate(home),
        onSaved: (saved) => {
          toast({ text: t('updated', { name: saved.display_name ?? saved.name }) });
          void ctx.navigate(home, { replace: true });
        },
      }), { detached: true });
      dispose = made.dispose;
      shown.value = made.value;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      shown.value = error.status === 404
        ? empty({ icon: 'person', title: () => t('person_missing'), text: () => t('person_missing_text'), action: linkButton({ label: () => t('back_to_list'), href: '/contacts' }) })
        : empty({ icon: 'warning', title: () => t('person_failed'), text: () => t('list_failed_text'), action: button({ label: () => t('retry'), onClick: () => void load() }) });
    }
  }
  void load();
  const title = () => (name.value ? t('form_edit', { name: name.value }) : t('edit_person'));
  return { node: h('div', { class: 'page form-page' }, () => shown.value), title, header: backHeader({ href: home, title }) };
}

const refused = () => h('div', { class: 'page' }, empty({ icon: 'lock', title: () => t('forbidden_title'), text: () => t('save_forbidden'), action: linkButton({ label: () => t('back_to_list'), href: '/contacts' }) }));
