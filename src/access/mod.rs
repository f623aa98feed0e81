//! Who may: roles, the one table of permissions, passwords, sessions, the throttle at the door, and the [`Grant`] that alone
//! opens a transaction. Knows nothing of HTTP.
pub mod again;
pub mod demo_sign_in;
pub mod grant;
pub mod house;
pub mod password;
pub mod permissions;
pub mod presence;
pub mod role;
pub mod session;
pub mod strangers;
pub mod throttle;

pub use again::{Again, Given, Kept};
pub use demo_sign_in::DemoSignIn;
pub use grant::Grant;
pub use permissions::{Mutates, Permission};
pub use role::{Role, Roles};
pub use session::{Caller, Token};
