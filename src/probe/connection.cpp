#include "probe/connection.h"

#include <boost/asio/write.hpp>
#include <utility>

namespace medic::probe {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

// The words of evidence::NotConnected.
std::string connect_reason(const ErrorCode& error) {
  if (error == asio::error::connection_refused) {
    return "refused";
  }
  if (error == asio::error::host_unreachable) {
    return "unreachable";
  }
  // This machine has no way there: no route, no address or no support of that family.
  if (error == asio::error::network_unreachable ||
      error == asio::error::address_family_not_supported ||
      error == boost::system::errc::address_not_available) {
    return "no-route";
  }
  return error == asio::error::timed_out ? "timeout" : "other";
}

}  // namespace

Connection::Connection(asio::io_context& loop, Conversation& talk,
                       std::vector<asio::ip::tcp::endpoint> endpoints,
                       std::chrono::milliseconds deadline, std::function<void()> done)
    : socket_(loop),
      deadline_(loop),
      patience_(loop),
      talk_(&talk),
      endpoints_(std::move(endpoints)),
      allowed_(deadline),
      done_(std::move(done)) {}

void Connection::start() {
  deadline_.expires_after(allowed_);
  deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    if (!error && !self->over_) {
      self->talk_->expired(std::chrono::steady_clock::now());
      self->settle();
    }
  });
  wait_patiently();
  connect();
}

void Connection::wake() {
  if (!over_) {
    settle();
  }
}

void Connection::cancel() {
  if (!over_) {
    close();
  }
}

void Connection::connect() {
  socket_.async_connect(
      endpoints_[next_endpoint_],
      [self = shared_from_this()](const ErrorCode& error) { self->connected(error); });
}

void Connection::connected(const ErrorCode& error) {
  if (over_) {
    return;
  }
  const Instant now = std::chrono::steady_clock::now();
  if (error) {
    if (++next_endpoint_ < endpoints_.size()) {
      ErrorCode ignored;
      socket_.close(ignored);
      connect();
      return;
    }
    talk_->not_connected(connect_reason(error), error.message(), now);
    settle();
    return;
  }
  ErrorCode ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  talk_->connected(endpoints_[next_endpoint_].address().to_string(), now);
  settle();
  if (!over_) {
    read();
  }
}

void Connection::read() {
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t count) {
                            if (self->over_) {
                              return;
                            }
                            const Instant now = std::chrono::steady_clock::now();
                            if (error) {
                              const bool ended = error == asio::error::eof && !self->was_reset_;
                              self->talk_->closed(ended ? Ending::Fin : Ending::Reset, now);
                              self->settle();
                              return;
                            }
                            self->talk_->received(ByteView(self->buffer_).first(count), now);
                            self->settle();
                            if (!self->over_) {
                              self->read();
                            }
                          });
}

void Connection::write() {
  if (!writing_.empty() || pending_.empty() || over_) {
    return;
  }
  writing_ = std::exchange(pending_, {});
  asio::async_write(socket_, asio::buffer(writing_),
                    [self = shared_from_this()](const ErrorCode& error, std::size_t /*count*/) {
                      self->writing_.clear();
                      // A failed write shows as a failed read, after what the peer said before it.
                      // The system tells of a reset once: then the read sees only an end.
                      if (!error) {
                        self->write();
                      } else {
                        self->was_reset_ = error == asio::error::connection_reset ||
                                           error == asio::error::broken_pipe;
                      }
                    });
}

void Connection::settle() {
  const Bytes out = talk_->take_output();
  if (talk_->finished()) {
    // Our alert or close_notify, and a proxy's farewell: sent without waiting for it.
    if (writing_.empty() && pending_.empty() && !out.empty()) {
      ErrorCode ignored;
      socket_.non_blocking(true, ignored);
      static_cast<void>(socket_.write_some(asio::buffer(out), ignored));
    }
    close();
    done_();
    return;
  }
  pending_.insert(pending_.end(), out.begin(), out.end());
  write();
  wait_patiently();
}

void Connection::wait_patiently() {
  const auto quiet = talk_->patience();
  if (!quiet && !patient_) {
    return;
  }
  patient_ = quiet.has_value();
  patience_.cancel();
  if (quiet) {
    patience_.expires_after(*quiet);
    patience_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (!error && !self->over_) {
        self->talk_->patience_ended(std::chrono::steady_clock::now());
        self->settle();
      }
    });
  }
}

void Connection::close() {
  over_ = true;
  ErrorCode ignored;
  deadline_.cancel();
  patience_.cancel();
  socket_.close(ignored);
}

}  // namespace medic::probe
