package ufm.solver;

import java.io.IOException;

/** A state file that is refused; the message is one sentence that names the file and what is wrong with it. */
public final class StateFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With the sentence. */
  public StateFileException(String message) {
    super(message);
  }
}
