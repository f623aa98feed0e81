// Acts on a person of the team: deactivate, take back, a new one-time code.
import { clinicPath, patch, post } from '../../api/client.js';
import { area } from '../../i18n/index.js';
import { confirm } from '../../ui/dialog.js';
import { toast } from '../../ui/toast.js';
import { showCode } from './code.js';

const t = await area('team');

/** @typedef {import('./index.js').Member} Member */

/** @param {Member} member @param {boolean} active */
export async function setActive(member, active) {
  const saved = await patch(clinicPath(`/users/${member.id}`), { active }, member.version);
  toast({
    text: t(active ? 'reactivated' : 'deactivated', { name: member.name }),
    undo: () => patch(clinicPath(`/users/${member.id}`), { active: !active }, saved.version),
  });
  return true;
}

/** @param {Member} member */
export async function confirmDeactivate(member) {
  const sure = await confirm({ title: t('deactivate_title', { name: member.name }), text: t('deactivate_text'), action: t('deactivate'), danger: true });
  return sure && setActive(member, false);
}

/** @param {Member} member */
export async function renewCode(member) {
  const sure = await confirm({ title: t('new_code_title', { name: member.name }), text: t('new_code_text'), action: t('new_code') });
  if (!sure) return false;
  const { invite_code, expires_at } = await post(clinicPath(`/users/${member.id}/invite`));
  showCode({ name: member.name, email: member.email ?? '', code: invite_code, expires_at });
  return true;
}
