// Leaving the demonstration: the process goes back to the clinic's own data.
import { post } from '../api/client.js';
import { t } from '../i18n/index.js';
import { problemText } from '../i18n/problems.js';
import { confirm } from '../ui/dialog.js';
import { toast } from '../ui/toast.js';

export async function leaveDemo() {
  if (!(await confirm({ title: t('demo_leave_title'), text: t('demo_leave_text'), action: t('demo_leave') }))) return;
  try {
    await post('/api/setup/demo/leave');
    location.assign('/');
  } catch (error) {
    toast({ text: problemText(error) });
  }
}
