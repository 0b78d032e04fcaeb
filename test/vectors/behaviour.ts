/*
 * The connector's behaviour as a table: every state with every input, and where a setting or the flash changes it.
 *
 * One line a pair: state | input | setting | flash | afterwards | written to flash | Log. "-" is the default
 * setting, and flash without a fault. docs/BEHAVIOUR.md is made of these lines by tools/documents/behaviour.ts, and
 * test/unit/session/behaviour.test.ts plays each of them, so that document, table and code cannot differ.
 */
export const BEHAVIOUR = `
idle | SStart | - | - | Sa 1, session 1 without a user, Uid empty | state, start 1 | 1 start odometer=
idle | SEnd | - | - | Sa 0, session 0, Uid empty | nothing | 0 ignored SEnd: no session is active
idle | SEnd by API | - | - | Sa 0, session 0, Uid empty | nothing | 0 ignored SEnd: no session is active
idle | both | - | - | Sa 1, session 1 without a user, Uid empty | state, start 1 | 0 ignored SEnd: no session is active; 1 start odometer=
idle | contact closes | - | - | Sa 1, session 1 without a user, Uid empty | state, start 1 | 1 start odometer=
idle | contact opens | - | - | Sa 0, session 0, Uid empty | nothing | 0 ignored SEnd: no session is active
idle | card A | - | - | Sa 0, session 0, Uid A | nothing | nothing
idle | card B | - | - | Sa 0, session 0, Uid B | nothing | nothing
idle | Uid cleared | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle | CI1 set | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle | Td passes | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle | 300 s pass | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle | restart | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle | clock set | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle | clock back | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle | clock forward | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle, card A | SStart | - | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
idle, card A | SEnd | - | - | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
idle, card A | SEnd by API | - | - | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
idle, card A | both | - | - | Sa 1, session 1 of A, Uid A | state, start 1 | 0 ignored SEnd: no session is active; 1 start odometer=
idle, card A | contact closes | - | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
idle, card A | contact opens | - | - | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
idle, card A | card A | - | - | Sa 0, session 0, Uid A | nothing | nothing
idle, card A | card B | - | - | Sa 0, session 0, Uid B | nothing | nothing
idle, card A | Uid cleared | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle, card A | CI1 set | - | - | Sa 0, session 0, Uid A | nothing | nothing
idle, card A | Td passes | - | - | Sa 0, session 0, Uid A | nothing | nothing
idle, card A | 300 s pass | - | - | Sa 0, session 0, Uid A | nothing | nothing
idle, card A | restart | - | - | Sa 0, session 0, Uid empty | nothing | nothing
idle, card A | clock set | - | - | Sa 0, session 0, Uid A | nothing | nothing
idle, card A | clock back | - | - | Sa 0, session 0, Uid A | nothing | nothing
idle, card A | clock forward | - | - | Sa 0, session 0, Uid A | nothing | nothing
start waits | SStart | - | - | Sa 1, session 2 of A, Uid A | state, start 1, state, end 1 (superseded), state | 1 start odometer=; 1 end reason=superseded
start waits | SEnd | - | - | Sa 0, session 1 of A, Uid empty | state, start 1, state | 1 start odometer=
start waits | SEnd by API | - | - | Sa 0, session 1 of A, Uid empty | state, start 1, state | 1 start odometer=
start waits | both | - | - | Sa 1, session 2 without a user, Uid empty | state, start 1, state, end 1 (end), state | 1 start odometer=; 1 end reason=end
start waits | contact closes | - | - | Sa 1, session 2 of A, Uid A | state, start 1, state, end 1 (superseded), state | 1 start odometer=; 1 end reason=superseded
start waits | contact opens | - | - | Sa 0, session 1 of A, Uid empty | state, start 1, state | 1 start odometer=
start waits | card A | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
start waits | card B | - | - | Sa 1, session 1 of A, last B, Uid B | state | 1 card B does not change this session
start waits | Uid cleared | - | - | Sa 1, session 1 of A, Uid empty | nothing | nothing
start waits | CI1 set | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
start waits | Td passes | - | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
start waits | 300 s pass | - | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
start waits | restart | - | - | Sa 1, session 1 of A, Uid A | state | 1 resumed after a restart
start waits | clock set | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
start waits | clock back | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
start waits | clock forward | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, A | SStart | - | - | Sa 1, session 2 of A, Uid A | state, end 1 (superseded), state, start 2 | 1 end reason=superseded; 2 start odometer=
active, A | SEnd | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
active, A | SEnd by API | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (command) | 1 end reason=command
active, A | both | - | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state, start 2 | 1 end reason=end; 2 start odometer=
active, A | contact closes | - | - | Sa 1, session 2 of A, Uid A | state, end 1 (superseded), state, start 2 | 1 end reason=superseded; 2 start odometer=
active, A | contact opens | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
active, A | card A | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, A | card B | - | - | Sa 1, session 1 of A, last B, Uid B | state | 1 card B does not change this session
active, A | Uid cleared | - | - | Sa 1, session 1 of A, Uid empty | nothing | nothing
active, A | CI1 set | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, A | Td passes | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, A | 300 s pass | - | - | Sa 1, session 1 of A, Uid A | state | nothing
active, A | restart | - | - | Sa 1, session 1 of A, Uid A | state | 1 resumed after a restart
active, A | clock set | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, A | clock back | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, A | clock forward | - | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, no user | SStart | - | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (superseded), state, start 2 | 1 end reason=superseded; 2 start odometer=
active, no user | SEnd | - | - | Sa 0, session 1 without a user, Uid empty | state, end 1 (end) | 1 end reason=end
active, no user | SEnd by API | - | - | Sa 0, session 1 without a user, Uid empty | state, end 1 (command) | 1 end reason=command
active, no user | both | - | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state, start 2 | 1 end reason=end; 2 start odometer=
active, no user | contact closes | - | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (superseded), state, start 2 | 1 end reason=superseded; 2 start odometer=
active, no user | contact opens | - | - | Sa 0, session 1 without a user, Uid empty | state, end 1 (end) | 1 end reason=end
active, no user | card A | - | - | Sa 1, session 1 of A, Uid A | state | 1 card A is the user of this session
active, no user | card B | - | - | Sa 1, session 1 of B, Uid B | state | 1 card B is the user of this session
active, no user | Uid cleared | - | - | Sa 1, session 1 without a user, Uid empty | nothing | nothing
active, no user | CI1 set | - | - | Sa 1, session 1 without a user, Uid empty | nothing | nothing
active, no user | Td passes | - | - | Sa 1, session 1 without a user, Uid empty | nothing | nothing
active, no user | 300 s pass | - | - | Sa 1, session 1 without a user, Uid empty | state | nothing
active, no user | restart | - | - | Sa 1, session 1 without a user, Uid empty | state | 1 resumed after a restart
active, no user | clock set | - | - | Sa 1, session 1 without a user, Uid empty | nothing | nothing
active, no user | clock back | - | - | Sa 1, session 1 without a user, Uid empty | nothing | nothing
active, no user | clock forward | - | - | Sa 1, session 1 without a user, Uid empty | nothing | nothing
end waits | SStart | - | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state | 1 end reason=end
end waits | SEnd | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end; 1 ignored SEnd: no session is active
end waits | SEnd by API | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end; 1 ignored SEnd: no session is active
end waits | both | - | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state | 1 end reason=end; 1 ignored SEnd: no session is active
end waits | contact closes | - | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state | 1 end reason=end
end waits | contact opens | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end; 1 ignored SEnd: no session is active
end waits | card A | - | - | Sa 0, session 1 of A, Uid A | nothing | nothing
end waits | card B | - | - | Sa 0, session 1 of A, Uid B | nothing | nothing
end waits | Uid cleared | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
end waits | CI1 set | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
end waits | Td passes | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
end waits | 300 s pass | - | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
end waits | restart | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
end waits | clock set | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
end waits | clock back | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
end waits | clock forward | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
active, A, B shown | SStart | - | - | Sa 1, session 2 of B, Uid B | state, end 1 (superseded), state, start 2 | 1 end reason=superseded; 2 start odometer=
active, A, B shown | SEnd | - | - | Sa 0, session 1 of A, last B, Uid B | state, end 1 (end) | 1 end reason=end
active, A, B shown | card A | - | - | Sa 1, session 1 of A, last B, Uid A | nothing | nothing
active, A, B shown | card B | - | - | Sa 1, session 1 of A, last B, Uid B | nothing | nothing
active, A, B shown | restart | - | - | Sa 1, session 1 of A, last B, Uid A | state | 1 resumed after a restart
idle, a row lost | SStart | - | - | Sa 1, session 2 without a user, Uid empty | state, start 2, state, loss | 2 start odometer=; 2 reported the loss of 1 row
idle, a row lost | Td passes | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
idle, a row lost | restart | - | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
start waits | SStart | onRestart ignore | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=; 1 ignored SStart: a session is active
start waits | both | onRestart ignore | - | Sa 1, session 2 without a user, Uid empty | state, start 1, state, end 1 (end), state | 1 start odometer=; 1 end reason=end
start waits | contact closes | onRestart ignore | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=; 1 ignored SStart: a session is active
active, A | SStart | onRestart ignore | - | Sa 1, session 1 of A, Uid A | nothing | 1 ignored SStart: a session is active
active, A | both | onRestart ignore | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state, start 2 | 1 end reason=end; 2 start odometer=
active, A | contact closes | onRestart ignore | - | Sa 1, session 1 of A, Uid A | nothing | 1 ignored SStart: a session is active
active, no user | SStart | onRestart ignore | - | Sa 1, session 1 without a user, Uid empty | nothing | 1 ignored SStart: a session is active
active, no user | both | onRestart ignore | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state, start 2 | 1 end reason=end; 2 start odometer=
active, no user | contact closes | onRestart ignore | - | Sa 1, session 1 without a user, Uid empty | nothing | 1 ignored SStart: a session is active
active, no user | card A | lateUid false | - | Sa 1, session 1 without a user, last A, Uid A | state | 1 card A does not change this session
idle | restart | onPowerLoss close | - | Sa 0, session 0, Uid empty | nothing | nothing
start waits | restart | onPowerLoss close | - | Sa 0, session 1 of A, Uid empty | state, start 1, state | 1 start odometer=
active, A | restart | onPowerLoss close | - | Sa 0, session 1 of A, Uid empty | state, end 1 (interrupted) | 1 end reason=interrupted
active, no user | restart | onPowerLoss close | - | Sa 0, session 1 without a user, Uid empty | state, end 1 (interrupted) | 1 end reason=interrupted
end waits | restart | onPowerLoss close | - | Sa 0, session 1 of A, Uid empty | nothing | nothing
idle | card A | rfidTrigger start | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
idle | card B | rfidTrigger start | - | Sa 1, session 1 of B, Uid B | state, start 1 | 1 start odometer=
idle, card A | card A | rfidTrigger start | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
idle, card A | card B | rfidTrigger start | - | Sa 1, session 1 of B, Uid B | state, start 1 | 1 start odometer=
start waits | card A | rfidTrigger start | - | Sa 1, session 1 of A, Uid A | nothing | nothing
start waits | card B | rfidTrigger start | - | Sa 1, session 1 of A, last B, Uid B | state | 1 card B does not change this session
active, A | card A | rfidTrigger start | - | Sa 1, session 1 of A, Uid A | nothing | nothing
active, A | card B | rfidTrigger start | - | Sa 1, session 1 of A, last B, Uid B | state | 1 card B does not change this session
active, no user | card A | rfidTrigger start | - | Sa 1, session 1 of A, Uid A | state | 1 card A is the user of this session
active, no user | card B | rfidTrigger start | - | Sa 1, session 1 of B, Uid B | state | 1 card B is the user of this session
end waits | card A | rfidTrigger start | - | Sa 1, session 2 of A, Uid A | state, end 1 (end), state | 1 end reason=end
end waits | card B | rfidTrigger start | - | Sa 1, session 2 of B, Uid B | state, end 1 (end), state | 1 end reason=end
idle | card A | rfidTrigger startEnd | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
idle | card B | rfidTrigger startEnd | - | Sa 1, session 1 of B, Uid B | state, start 1 | 1 start odometer=
idle, card A | card A | rfidTrigger startEnd | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
idle, card A | card B | rfidTrigger startEnd | - | Sa 1, session 1 of B, Uid B | state, start 1 | 1 start odometer=
start waits | card A | rfidTrigger startEnd | - | Sa 0, session 1 of A, Uid empty | state, start 1, state | 1 start odometer=
start waits | card B | rfidTrigger startEnd | - | Sa 1, session 1 of A, last B, Uid B | state | 1 card B does not change this session
active, A | card A | rfidTrigger startEnd | - | Sa 0, session 1 of A, Uid empty | state, end 1 (tap) | 1 end reason=tap
active, A | card B | rfidTrigger startEnd | - | Sa 1, session 1 of A, last B, Uid B | state | 1 card B does not change this session
active, no user | card A | rfidTrigger startEnd | - | Sa 1, session 1 of A, Uid A | state | 1 card A is the user of this session
active, no user | card B | rfidTrigger startEnd | - | Sa 1, session 1 of B, Uid B | state | 1 card B is the user of this session
end waits | card A | rfidTrigger startEnd | - | Sa 1, session 2 of A, Uid A | state, end 1 (end), state | 1 end reason=end
end waits | card B | rfidTrigger startEnd | - | Sa 1, session 2 of B, Uid B | state, end 1 (end), state | 1 end reason=end
idle, card A | SStart | writeAt start | - | Sa 1, session 1 of A, Uid A | state, start 1 | 1 start odometer=
idle, card A | SEnd | writeAt start | - | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
active, A | SStart | writeAt start | - | Sa 1, session 2 of A, Uid A | state, state, start 2 | 2 start odometer=
active, A | SEnd | writeAt start | - | Sa 0, session 1 of A, Uid empty | state | nothing
idle, card A | SStart | writeAt end | - | Sa 1, session 1 of A, Uid A | state | nothing
idle, card A | SEnd | writeAt end | - | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
active, A | SStart | writeAt end | - | Sa 1, session 2 of A, Uid A | state, end 1 (superseded), state | 1 end reason=superseded
active, A | SEnd | writeAt end | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
idle, card A | SStart | rowMode event | - | Sa 1, session 1 of A, Uid A | state, event 1 | 1 start odometer=
idle, card A | SEnd | rowMode event | - | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
active, A | SStart | rowMode event | - | Sa 1, session 2 of A, Uid A | state, event 1 (superseded), state, event 2 | 1 end reason=superseded odometer=; 2 start odometer=
active, A | SEnd | rowMode event | - | Sa 0, session 1 of A, Uid empty | state, event 1 (end) | 1 end reason=end odometer=
active, A | contact opens | pauseS 60 | - | Sa 1, session 1 of A, Uid A | state | 1 pauses: the contact opened; the session ends unless it closes within 60 s
start waits | contact opens | pauseS 60 | - | Sa 1, session 1 of A, Uid A | state, start 1, state | 1 start odometer=; 1 pauses: the contact opened; the session ends unless it closes within 60 s
paused, A | SStart | pauseS 60 | - | Sa 1, session 2 of A, Uid A | state, end 1 (superseded), state, start 2 | 1 end reason=superseded; 2 start odometer=
paused, A | SEnd | pauseS 60 | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
paused, A | both | pauseS 60 | - | Sa 1, session 2 without a user, Uid empty | state, end 1 (end), state, start 2 | 1 end reason=end; 2 start odometer=
paused, A | contact closes | pauseS 60 | - | Sa 1, session 1 of A, Uid A | state | 1 goes on after a pause of 10 s
paused, A | card A | pauseS 60 | - | Sa 1, session 1 of A, Uid A | nothing | nothing
paused, A | card B | pauseS 60 | - | Sa 0, session 1 of A, last B, Uid B | state, end 1 (end) | 1 card B does not change this session; 1 end reason=end
paused, A | Uid cleared | pauseS 60 | - | Sa 1, session 1 of A, Uid empty | nothing | nothing
paused, A | 300 s pass | pauseS 60 | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
paused, A | restart | pauseS 60 | - | Sa 0, session 1 of A, Uid empty | state, end 1 (end) | 1 end reason=end
paused, no user | contact closes | pauseS 60 | - | Sa 1, session 1 without a user, Uid empty | state | 1 goes on after a pause of 10 s
paused, no user | card A | pauseS 60 | - | Sa 0, session 1 without a user, last A, Uid A | state, end 1 (end) | 1 card A does not change this session; 1 end reason=end
paused, no user | Uid cleared | pauseS 60 | - | Sa 1, session 1 without a user, Uid empty | nothing | nothing
paused, no user | card A | pauseS 60, startEnd | - | Sa 1, session 2 of A, Uid A | state, end 1 (end), state, start 2 | 1 card A does not change this session; 1 end reason=end; 2 start odometer=
paused, A | card A | pauseS 60, startEnd | - | Sa 0, session 1 of A, Uid empty | state, end 1 (tap) | 1 end reason=tap
paused, A | card B | pauseS 60, startEnd | - | Sa 1, session 2 of B, Uid B | state, end 1 (end), state, start 2 | 1 card B does not change this session; 1 end reason=end; 2 start odometer=
paused, A | restart | pauseS 60, close | - | Sa 0, session 1 of A, Uid empty | state, end 1 (interrupted) | 1 end reason=interrupted
idle, card A | 300 s pass | uidTimeoutS 300 | - | Sa 0, session 0, Uid empty | nothing | nothing
active, A | 300 s pass | uidTimeoutS 300 | - | Sa 1, session 1 of A, Uid A | state | nothing
idle, card A | SStart | - | ring full | Sa 1, session 1 of A, Uid A | state, state | 1 start not stored: the ring is full
idle, card A | SEnd | - | ring full | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
active, A | SStart | - | ring full | Sa 1, session 2 of A, Uid A | state, state, state | 1 end not stored: the ring is full; 2 start not stored: the ring is full
active, A | SEnd | - | ring full | Sa 0, session 1 of A, Uid empty | state, state | 1 end not stored: the ring is full
idle, card A | SStart | - | row fault | Sa 1, session 1 of A, Uid A | state, state | 1 start not stored: flash write failed
idle, card A | SEnd | - | row fault | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
active, A | SStart | - | row fault | Sa 1, session 2 of A, Uid A | state, state, state | 1 end not stored: flash write failed; 2 start not stored: flash write failed
active, A | SEnd | - | row fault | Sa 0, session 1 of A, Uid empty | state, state | 1 end not stored: flash write failed
idle, card A | SStart | - | state fault | Sa 1, session 1 of A, Uid A | nothing | 1 fault: the state cannot be stored; 1 start not stored: flash write failed
idle, card A | SEnd | - | state fault | Sa 0, session 0, Uid A | nothing | 0 ignored SEnd: no session is active
active, A | SStart | - | state fault | Sa 1, session 2 of A, Uid A | nothing | 1 fault: the state cannot be stored; 1 end not stored: flash write failed; 2 start not stored: flash write failed
active, A | SEnd | - | state fault | Sa 0, session 1 of A, Uid empty | nothing | 1 fault: the state cannot be stored; 1 end not stored: flash write failed
`;
