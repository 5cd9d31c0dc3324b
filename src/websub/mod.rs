//! WebSub (W3C Recommendation of 2018): being told of news instead of asking for it, and telling others of ours.
//!
//! [`subscriber`] follows the hubs that polled feeds name. Polling goes on beside it, more rarely, since a hub promises nothing.

pub mod subscriber;
